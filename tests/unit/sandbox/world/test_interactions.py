"""The windows of an interaction, with a clock that the test turns."""

from collections.abc import Callable

import pytest

from socialcube.sandbox.errors import (
    AlreadyAcknowledgedError,
    InvalidWebhookTokenError,
    MissingAccessError,
    UnknownInteractionError,
    UnknownMessageError,
    UnknownWebhookError,
)
from socialcube.sandbox.world.changes import (
    Change,
    InteractionAnswered,
    InteractionFailed,
    InteractionStarted,
)
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import Interaction, ResponseKind
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import EPHEMERAL, LOADING, Command, Overwrite
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock

MARA, BOT, GENERAL, FERN = 1001, 5001, 3002, 2001


@pytest.fixture
def start(world: World, hello: Command) -> Callable[[], Interaction]:
    return lambda: world.interactions.invoke(MARA, GENERAL, hello.id)


def answer(
    world: World, interaction: Interaction, kind: ResponseKind = ResponseKind.MESSAGE, flags: int = 0
) -> None:
    opened = world.interactions.get_open(interaction.id, interaction.token)
    world.interactions.respond(opened, kind, Draft("hi", flags=flags))


def test_answer_within_three_seconds_counts(
    world: World, clock: FakeClock, start: Callable[[], Interaction], told: list[Change]
) -> None:
    interaction = start()
    clock.advance(2.9)
    answer(world, interaction)

    assert interaction.outcome == "answered"
    assert interaction.response_seconds == pytest.approx(2.9)
    assert told[0] == InteractionStarted(interaction)
    assert told[-1] == InteractionAnswered(interaction)


def test_answer_after_three_seconds_is_unknown(
    world: World, clock: FakeClock, start: Callable[[], Interaction]
) -> None:
    interaction = start()
    clock.advance(3.1)

    with pytest.raises(UnknownInteractionError):
        answer(world, interaction)


def test_unanswered_interaction_fails_once_its_window_is_over(
    world: World, clock: FakeClock, start: Callable[[], Interaction], told: list[Change]
) -> None:
    interaction = start()
    clock.advance(2.9)
    world.interactions.expire()
    before = interaction.outcome
    clock.advance(0.2)
    world.interactions.expire()
    world.interactions.expire()

    assert (before, interaction.outcome) == ("pending", "failed")
    assert told.count(InteractionFailed(interaction)) == 1


def test_answered_interaction_does_not_fail(
    world: World, clock: FakeClock, start: Callable[[], Interaction]
) -> None:
    interaction = start()
    answer(world, interaction)
    clock.advance(10)
    world.interactions.expire()

    assert interaction.outcome == "answered"


def test_second_answer_is_refused_even_late(
    world: World, clock: FakeClock, start: Callable[[], Interaction]
) -> None:
    interaction = start()
    answer(world, interaction)
    clock.advance(100)

    with pytest.raises(AlreadyAcknowledgedError):
        answer(world, interaction)


def test_follow_ups_work_for_fifteen_minutes(
    world: World, clock: FakeClock, start: Callable[[], Interaction]
) -> None:
    interaction = start()
    answer(world, interaction)
    clock.advance(899)
    assert world.interactions.get_by_token(BOT, interaction.token) is interaction
    clock.advance(2)

    with pytest.raises(InvalidWebhookTokenError):
        world.interactions.get_by_token(BOT, interaction.token)
    world.interactions.expire()
    assert world.interactions.find(interaction.id) is None


def test_follow_up_needs_an_answer_first_and_its_own_application(
    world: World, start: Callable[[], Interaction]
) -> None:
    interaction = start()

    with pytest.raises(UnknownWebhookError):
        world.interactions.get_by_token(BOT, interaction.token)
    with pytest.raises(InvalidWebhookTokenError):
        world.interactions.get_by_token(5002, interaction.token)


def test_promised_answer_is_loading_until_the_first_follow_up(
    world: World, start: Callable[[], Interaction]
) -> None:
    interaction = start()
    answer(world, interaction, ResponseKind.LOADING_MESSAGE, EPHEMERAL)
    assert interaction.original is not None
    assert (interaction.outcome, interaction.original.content) == ("loading", "")
    assert interaction.original.flags == EPHEMERAL | LOADING

    first = world.interactions.follow_up(interaction, Draft("done"))
    second = world.interactions.follow_up(interaction, Draft("more"))

    assert first is interaction.original
    assert (interaction.outcome, first.content, first.flags, first.edited_at) == (
        "answered",
        "done",
        EPHEMERAL,
        None,
    )
    assert first.seen_by == MARA
    assert interaction.followups == [second]


def test_deleted_answer_is_an_unknown_message(world: World, start: Callable[[], Interaction]) -> None:
    interaction = start()
    answer(world, interaction)
    world.messages.delete(world.interactions.get_message(interaction, None))

    with pytest.raises(UnknownMessageError):
        world.interactions.get_message(interaction, None)


def test_bot_answers_where_it_may_not_write(world: World, start: Callable[[], Interaction]) -> None:
    channel = world.guilds.get_channel(GENERAL)
    channel.overwrites.append(Overwrite(FERN, 0, deny=int(Permission.SEND_MESSAGES)))
    interaction = start()
    answer(world, interaction)

    assert interaction.outcome == "answered"


def test_person_needs_the_channel_and_the_right_to_use_commands(world: World, hello: Command) -> None:
    channel = world.guilds.get_channel(GENERAL)
    channel.overwrites.append(Overwrite(1003, 1, deny=int(Permission.USE_APPLICATION_COMMANDS)))

    with pytest.raises(MissingAccessError):
        world.interactions.invoke(1003, GENERAL, hello.id)


def test_private_buttons_are_pressed_by_their_person_only(
    world: World, start: Callable[[], Interaction]
) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    interaction = start()
    world.interactions.respond(
        interaction, ResponseKind.MESSAGE, Draft("x", components=[row], flags=EPHEMERAL)
    )
    message = world.interactions.get_message(interaction, None)

    with pytest.raises(UnknownMessageError):
        world.interactions.click(1002, message, "go")
    with pytest.raises(UnknownMessageError):
        world.interactions.click(MARA, message, "stop")
    assert world.interactions.click(MARA, message, "go").message is message


def test_autocomplete_takes_suggestions(world: World, hello: Command) -> None:
    typed = [{"name": "plant", "type": 3, "value": "fe", "focused": True}]
    interaction = world.interactions.autocomplete(MARA, GENERAL, hello.id, typed)
    world.interactions.suggest(interaction, [{"name": "Fern", "value": "fern"}])

    assert interaction.choices == [{"name": "Fern", "value": "fern"}]
    assert interaction.outcome == "answered"


def test_reset_forgets_interactions(world: World, start: Callable[[], Interaction]) -> None:
    interaction = start()
    world.reset()

    assert world.interactions.find(interaction.id) is None

import pytest

from socialcube.sandbox.errors import (
    EmptyMessageError,
    MissingAccessError,
    MissingPermissionsError,
    NotATextChannelError,
    UnknownMessageError,
)
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.world.changes import Change, MessageEdited, MessagePosted, MessageRemoved
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock

MARA, JONAS, THEO, BOT = 1001, 1002, 1004, 5001
GENERAL, CATEGORY, STAFF, WELCOME = 3002, 3001, 3005, 3011


def test_posted_message_is_kept_and_told(world: World, told: list[Change]) -> None:
    message = world.messages.post(MARA, GENERAL, Draft("hi <@1002> <@999> <@1002>"))

    assert world.messages.list_in(GENERAL) == [message]
    assert told == [MessagePosted(message)]
    assert message.mention_ids == [JONAS]
    assert world.guilds.get_channel(GENERAL).last_message_id == message.id


@pytest.mark.parametrize(
    ("author", "channel", "error"),
    [
        (THEO, STAFF, MissingAccessError),
        (THEO, WELCOME, MissingAccessError),
        (JONAS, WELCOME, MissingPermissionsError),
        (MARA, CATEGORY, NotATextChannelError),
    ],
)
def test_who_may_not_write_is_told_why(
    world: World, author: int, channel: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        world.messages.post(author, channel, Draft("x"))


def test_empty_message_is_refused(world: World) -> None:
    with pytest.raises(EmptyMessageError):
        world.messages.post(MARA, GENERAL, Draft(" \n"))


def test_everyone_is_pinged_only_by_who_may(world: World) -> None:
    by_owner = world.messages.post(MARA, GENERAL, Draft("@everyone"))
    by_member = world.messages.post(THEO, GENERAL, Draft("@everyone"))

    assert (by_owner.mention_everyone, by_member.mention_everyone) == (True, False)


def test_only_the_newest_messages_are_kept(clock: FakeClock) -> None:
    world = World(clock, Limits(messages_kept=3))
    for number in range(5):
        world.messages.post(MARA, GENERAL, Draft(str(number)))

    assert [message.content for message in world.messages.list_in(GENERAL)] == ["2", "3", "4"]


def test_nonce_works_for_its_time_and_its_author_only(world: World, clock: FakeClock) -> None:
    def post(author: int = BOT) -> int:
        return world.messages.post(author, GENERAL, Draft("x", nonce="n", enforce_nonce=True)).id

    first = post()
    assert post() == first
    assert post(5002) != first
    clock.advance(299)
    assert post() == first
    clock.advance(2)
    assert post() != first


def test_reset_world_has_forgotten_its_nonces(world: World) -> None:
    draft = Draft("x", nonce="n", enforce_nonce=True)
    before = world.messages.post(BOT, GENERAL, draft)
    world.reset()

    assert world.messages.post(BOT, GENERAL, draft).id != before.id


def test_edit_changes_mentions_and_the_time(world: World, clock: FakeClock, told: list[Change]) -> None:
    message = world.messages.post(MARA, GENERAL, Draft("hi <@1002>"))
    clock.advance(10)
    world.messages.edit(message, {"content": "hi <@1003>"}, editor_id=MARA)

    assert message.mention_ids == [1003]
    assert message.edited_at == clock.now()
    assert told[-1] == MessageEdited(message)


def test_edit_may_not_leave_nothing(world: World) -> None:
    message = world.messages.post(MARA, GENERAL, Draft("x"))

    with pytest.raises(EmptyMessageError):
        world.messages.edit(message, {"content": ""})
    assert message.content == "x"


def test_delete_needs_author_or_moderator(world: World, told: list[Change]) -> None:
    message = world.messages.post(JONAS, GENERAL, Draft("x"))

    with pytest.raises(MissingPermissionsError):
        world.messages.delete(message, by=THEO)
    world.messages.delete(message, by=JONAS)

    assert told[-1] == MessageRemoved(message)
    with pytest.raises(UnknownMessageError):
        world.messages.get(GENERAL, message.id)

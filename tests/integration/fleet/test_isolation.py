"""One bot's trouble stays its own, and the panel can say what is wrong."""

from uuid import UUID

import pytest

from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.support.installation import HELLO, Installation
from tests.support.witnessing import count

pytestmark = pytest.mark.processes

CHANNEL = 3004
MEMBERS_INTENT = 1 << 1


def is_online(house: Installation, bot_id: UUID) -> bool:
    state = house.view(bot_id).state
    return (state.process, state.gateway) == (ProcessState.RUNNING, GatewayState.CONNECTED)


def say_hello(sandbox: RunningSandbox, bot_id: str) -> object:
    return sandbox.control.invoke("hello", user_id=MARA, channel_id=CHANNEL, bot_id=bot_id)["outcome"]


@pytest.fixture
def neighbour(small_house: Installation, sandbox: RunningSandbox) -> tuple[str, UUID]:
    """Give a healthy bot beside the sick one: Discord's id and our key."""
    bot = sandbox.control.bots()["Rollcall"]
    return bot.id, small_house.add_bot(bot, HELLO)


def check_neighbour(house: Installation, sandbox: RunningSandbox, neighbour: tuple[str, UUID]) -> None:
    house.wait(lambda: is_online(house, neighbour[1]), "the neighbour is online")
    house.wait(lambda: house.view(neighbour[1]).state.commands_synced_at, "its commands are registered")
    assert say_hello(sandbox, neighbour[0]) == "answered"


def test_revoked_token_holds_only_its_bot_after_one_try(
    small_house: Installation, sandbox: RunningSandbox, neighbour: tuple[str, UUID]
) -> None:
    house, bot = small_house, sandbox.control.bots()["Greenhouse"]
    bot_id = house.add_bot(bot, HELLO)
    sandbox.control.reset_token(bot.id)
    house.start_runner()
    house.wait(lambda: house.view(bot_id).state.is_held, "the bot is held")
    state = house.view(bot_id).state
    assert (state.process, state.reason) == (ProcessState.HELD, Reason.TOKEN_INVALID)
    assert "Reset Token" in state.remedy
    check_neighbour(house, sandbox, neighbour)
    refused = [seen for seen in sandbox.control.calls() if seen["status"] == 401]
    assert len(refused) == 1
    house.wait(lambda: "held" in house.kinds(bot_id), "the log says so")


def test_token_that_is_revoked_while_the_bot_runs_holds_it(
    small_house: Installation, sandbox: RunningSandbox, neighbour: tuple[str, UUID]
) -> None:
    house, bot = small_house, sandbox.control.bots()["Greenhouse"]
    bot_id = house.add_bot(bot, HELLO)
    house.start_runner()
    house.wait(lambda: is_online(house, bot_id), "the bot is online")
    sandbox.control.clear_calls()
    sandbox.control.reset_token(bot.id)
    house.wait(lambda: house.view(bot_id).state.is_held, "the bot is held")
    assert house.view(bot_id).state.reason is Reason.TOKEN_INVALID
    assert count(sandbox.control.calls(), "connect", bot.id) == 0
    check_neighbour(house, sandbox, neighbour)


def test_missing_intents_hold_the_bot_until_they_are_switched_on_and_it_is_started_again(
    small_house: Installation, sandbox: RunningSandbox, neighbour: tuple[str, UUID]
) -> None:
    house, bot = small_house, sandbox.control.bots()["Greenhouse"]
    bot_id = house.add_bot(bot, HELLO, intents=1 | MEMBERS_INTENT)
    house.start_runner()
    house.wait(lambda: house.view(bot_id).state.is_held, "the bot is held")
    state = house.view(bot_id).state
    assert state.reason is Reason.INTENTS_MISSING
    assert "intents" in state.remedy
    check_neighbour(house, sandbox, neighbour)
    assert count(sandbox.control.calls(), "identify", bot.id) == 1
    sandbox.control.set_intents(bot.id, MEMBERS_INTENT)
    house.wish(bot_id, DesiredState.RUNNING)
    house.wait(lambda: is_online(house, bot_id), "the bot is online")


def test_bot_without_starts_is_held_before_it_spends_the_last(
    small_house: Installation, sandbox: RunningSandbox
) -> None:
    house, bot = small_house, sandbox.control.bots()["Greenhouse"]
    sandbox.control.set_starts(bot.id, 995)
    bot_id = house.add_bot(bot)
    house.start_runner()
    house.wait(lambda: house.view(bot_id).state.is_held, "the bot is held")
    assert house.view(bot_id).state.reason is Reason.STARTS_USED_UP
    assert count(sandbox.control.calls(), "identify", bot.id) == 0


def test_token_sealed_for_another_key_holds_the_bot(
    small_house: Installation, sandbox: RunningSandbox, neighbour: tuple[str, UUID]
) -> None:
    house, bot = small_house, sandbox.control.bots()["Greenhouse"]
    bot_id = house.add_bot(bot)
    sealed = house.rows("SELECT sealed_token FROM bots WHERE external_id = :id", id=int(neighbour[0]))[0]
    house.execute(
        "UPDATE bots SET sealed_token = :sealed_token WHERE external_id = :id", id=int(bot.id), **sealed
    )
    house.start_runner()
    house.wait(lambda: house.view(bot_id).state.is_held, "the bot is held")
    assert house.view(bot_id).state.reason is Reason.TOKEN_UNREADABLE
    check_neighbour(house, sandbox, neighbour)


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("GUILD_CREATE", {}),
        ("GUILD_CREATE", {"id": "2001", "roles": [{"name": "no id"}]}),
        ("INTERACTION_CREATE", {"type": 2, "id": "1", "data": {}}),
        ("GUILD_ROLE_CREATE", {"guild_id": str(FERN), "role": None}),
        ("CHANNEL_CREATE", []),
        ("NEVER_HEARD_OF", {"x": 1}),
    ],
)
def test_event_that_makes_no_sense_is_skipped_and_the_bot_answers_on(
    small_house: Installation, sandbox: RunningSandbox, event: str, data: object
) -> None:
    house, bot = small_house, sandbox.control.bots()["Greenhouse"]
    bot_id = house.add_bot(bot, HELLO)
    house.start_runner()
    house.wait(lambda: house.view(bot_id).state.commands_synced_at, "its commands are registered")
    assert sandbox.control.dispatch(bot.id, event, data) == 1
    assert say_hello(sandbox, bot.id) == "answered"
    assert count(sandbox.control.calls(), "identify", bot.id) == 1
    if event != "NEVER_HEARD_OF":
        house.wait(lambda: "event_skipped" in house.kinds(bot_id), "the log says so")

"""Interruptions of the gateway: resumed where Discord allows it, started anew where it does not."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState
from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import HARBOR, MARA
from tests.support.installation import HELLO, Installation
from tests.support.witnessing import count, most_sessions_at_once

pytestmark = pytest.mark.processes

CHANNEL = 3004

Recent = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def bot(sandbox: RunningSandbox) -> Bot:
    return sandbox.control.bots()["Greenhouse"]


@pytest.fixture
def bot_id(small_house: Installation, sandbox: RunningSandbox, bot: Bot) -> Iterator[UUID]:
    """Give our key of a bot that is online. At the end its token never had two live sessions."""
    bot_id = small_house.add_bot(bot, HELLO)
    small_house.start_runner()
    small_house.wait(lambda: small_house.view(bot_id).state.commands_synced_at, "the bot is online")
    yield bot_id
    assert most_sessions_at_once(sandbox.control) == {bot.id: 1}


@pytest.fixture
def recent(sandbox: RunningSandbox, bot_id: UUID) -> Recent:
    """Give what the witness saw since the bot came online."""
    del bot_id  # asked for only so that the bot is online first
    last = sandbox.control.calls()[-1]["id"]
    return lambda: sandbox.control.calls(after=last)


def is_back(sandbox: RunningSandbox, bot: Bot) -> bool:
    return len(sandbox.control.sessions(bot.id, connected=True)) == 1


def check_answers(sandbox: RunningSandbox, bot: Bot) -> None:
    answer = sandbox.control.invoke("hello", user_id=MARA, channel_id=CHANNEL, bot_id=bot.id)
    assert answer["outcome"] == "answered"


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda control, bot: control.reconnect(bot),
        lambda control, bot: control.invalidate(bot, resumable=True),
        lambda control, bot: control.abort(bot),
        lambda control, bot: control.close(bot, 4000),
        lambda control, bot: control.close(bot, 4008),
        lambda control, bot: control.close(bot, 1001),
    ],
    ids=["op 7", "op 9 true", "abort", "4000", "4008", "1001"],
)
def test_interrupted_session_is_resumed(
    small_house: Installation,
    sandbox: RunningSandbox,
    bot: Bot,
    bot_id: UUID,
    recent: Recent,
    interrupt: Callable[[ControlClient, str], int],
) -> None:
    house = small_house
    assert interrupt(sandbox.control, bot.id) == 1
    house.wait(lambda: count(recent(), "resume", bot.id) == 1, "the session is resumed")
    house.wait(lambda: is_back(sandbox, bot), "the bot is back")
    check_answers(sandbox, bot)
    assert count(recent(), "identify", bot.id) == 0
    house.wait(lambda: "resumed" in house.kinds(bot_id), "the log says so")


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda control, bot: control.invalidate(bot, resumable=False),
        lambda control, bot: control.close(bot, 4007),
        lambda control, bot: control.close(bot, 4009),
    ],
    ids=["op 9 false", "4007", "4009"],
)
def test_ended_session_is_started_anew_once(
    small_house: Installation,
    sandbox: RunningSandbox,
    bot: Bot,
    bot_id: UUID,
    recent: Recent,
    interrupt: Callable[[ControlClient, str], int],
) -> None:
    house = small_house
    time.sleep(5)  # one session start in five seconds is Discord's rule, and the first was just now
    assert interrupt(sandbox.control, bot.id) == 1
    house.wait(lambda: count(recent(), "identify", bot.id) == 1, "a session is started")
    house.wait(lambda: is_back(sandbox, bot), "the bot is back")
    check_answers(sandbox, bot)
    puts = [seen for seen in recent() if seen["method"] in {"PUT", "POST", "PATCH", "DELETE"}]
    assert [seen for seen in puts if "/commands" in seen["route"]] == []
    house.wait(lambda: house.view(bot_id).state.gateway is GatewayState.CONNECTED, "the panel says so")


def test_server_that_is_joined_and_left_is_stored(
    small_house: Installation, sandbox: RunningSandbox, bot: Bot, bot_id: UUID
) -> None:
    house = small_house

    def membership() -> list[tuple[str, bool]]:
        rows = house.rows(
            "SELECT g.name, b.left_at FROM bot_guilds b JOIN guilds g ON g.id = b.guild_id ORDER BY g.name"
        )
        return [(row["name"], row["left_at"] is None) for row in rows]

    sandbox.control.add_to_guild(bot.id, HARBOR)
    house.wait(lambda: ("Harbor Club", True) in membership(), "the new server is stored")
    sandbox.control.remove_from_guild(bot.id, HARBOR)
    house.wait(lambda: ("Harbor Club", False) in membership(), "leaving it is stored")
    assert ("Fern Street", True) in membership()
    house.wait(lambda: {"guild_joined", "guild_left"} <= set(house.kinds(bot_id)), "the log says so")


def test_stopped_bot_goes_offline_and_can_be_started_again(
    small_house: Installation, sandbox: RunningSandbox, bot: Bot, bot_id: UUID, recent: Recent
) -> None:
    house = small_house
    house.wish(bot_id, DesiredState.STOPPED)
    house.wait(lambda: sandbox.control.sessions(bot.id) == [], "its session is over")
    [closed] = [seen for seen in recent() if seen["kind"] == "disconnect"]
    assert closed["status"] == 1000
    house.wait(lambda: house.view(bot_id).state.process is ProcessState.STOPPED, "the panel says so")
    house.wish(bot_id, DesiredState.RUNNING)
    house.wait(lambda: is_back(sandbox, bot), "the bot is back")


@pytest.mark.long
def test_silent_gateway_is_noticed_and_the_bot_comes_back(
    small_house: Installation, sandbox: RunningSandbox, bot: Bot, bot_id: UUID, recent: Recent
) -> None:
    assert sandbox.control.mute(bot.id) == 1
    # Discord's interval, ten seconds of patience, two for a polite end, and what a busy machine takes.
    small_house.wait(lambda: count(recent(), "resume", bot.id) == 1, "it is resumed", 41.25 + 10 + 2 + 7)
    check_answers(sandbox, bot)
    assert small_house.view(bot_id).state.process is ProcessState.RUNNING

"""Discord's moods, one after the other, against one bot: resumed or begun anew exactly as its table says.

The bot's adapter runs in this process over real sockets, without the pauses between two connections:
those are proven where the time is injected.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from socialcube.adapters.base import Launch
from socialcube.adapters.discord.adapter import DiscordAdapter
from socialcube.adapters.discord.transport import Transport
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.fakes.bot_events import FakeBotEvents
from tests.fakes.discord_scene import NoWait
from tests.support.seeds import chance
from tests.support.witnessing import count, most_sessions_at_once

Mood = Callable[[ControlClient, str], int]

HEARTBEAT_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 30.0

RESUMED: Final[dict[str, Mood]] = {
    "op 7": lambda control, bot: control.reconnect(bot),
    "op 9 true": lambda control, bot: control.invalidate(bot, resumable=True),
    "cut": lambda control, bot: control.abort(bot),
    **{
        str(code): lambda control, bot, code=code: control.close(bot, code)  # type: ignore[misc]
        for code in (1001, 4000, 4001, 4002, 4005, 4008)
    },
}
BEGUN_ANEW: Final[dict[str, Mood]] = {
    "op 9 false": lambda control, bot: control.invalidate(bot, resumable=False),
    "4007": lambda control, bot: control.close(bot, 4007),
    "4009": lambda control, bot: control.close(bot, 4009),
}


@pytest.fixture
def limits() -> Limits:
    return Limits(identify_seconds=0.001, session_starts=100_000)


@pytest.fixture
def sandbox(limits: Limits) -> Iterator[RunningSandbox]:
    with RunningSandbox(limits=limits) as running:
        yield running


@pytest.fixture
def bot(sandbox: RunningSandbox) -> Bot:
    return sandbox.control.create_bot("Moody", guild_ids=[FERN])


class Scene:
    """One bot that is online, and what it heard."""

    def __init__(self, sandbox: RunningSandbox, bot: Bot) -> None:
        self.control, self.bot = sandbox.control, bot
        self.events = FakeBotEvents()
        clock = SystemClock()
        self.transport = Transport(sandbox.api_base_url, clock)
        launch = Launch(new_id(), int(bot.id), Secret(bot.token), intents=1)
        self.adapter = DiscordAdapter(launch, self.events, self.transport)
        self.adapter._client._plan = NoWait(clock)
        self._used = self._last = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let the bot be online while the context lasts."""
        task = asyncio.create_task(self.adapter.run())
        try:
            await self.heard("connected", 1)
            yield
        finally:
            await self.adapter.stop(hand_over=False)
            await asyncio.wait_for(task, PATIENCE_SECONDS)
            await self.transport.close()

    async def seen(self) -> list[dict[str, Any]]:
        """Give what the sandbox saw since this was asked last."""
        found = await asyncio.to_thread(self.control.calls, after=self._last)
        self._last = found[-1]["id"] if found else self._last
        return found

    async def heard(self, kind: str, times: int) -> None:
        """Wait until something was heard so many times."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.events.heard_enough(kind, times)

    async def suffer(self, mood: Mood, then: str) -> float:
        """Go through one mood and a use of a command meanwhile. Gives the seconds until the bot is back."""
        before = len(self.events.of(then))
        started = time.monotonic()
        assert await asyncio.to_thread(mood, self.control, self.bot.id) == 1
        if then == "resumed":
            await asyncio.to_thread(self.use)
        await self.heard(then, before + 1)
        return time.monotonic() - started

    def use(self) -> None:
        """Let a person use a command whose name tells which use it is."""
        self._used += 1
        assert self.control.dispatch(self.bot.id, "INTERACTION_CREATE", interaction(self._used)) == 1

    async def check_all_uses(self) -> None:
        """Check that every use came once, and in order."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.events.invoked_enough(self._used)
        ids = [invocation.external_id for invocation, _ in self.events.invocations]
        assert ids == list(range(1, self._used + 1))


def interaction(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "application_id": "1",
        "type": 2,
        "token": "t",
        "guild_id": str(FERN),
        "channel_id": "3004",
        "member": {"user": {"id": str(MARA), "username": "mara"}},
        "data": {"id": "1", "name": "hello", "type": 1},
    }


async def assert_moods_lead_where_they_should(scene: Scene, moods: list[str]) -> None:
    """Let the moods come, and compare what the bot did with the table after each."""
    waits: list[float] = []
    async with scene.running():
        await scene.seen()
        for name in moods:
            if name in RESUMED:
                waits.append(await scene.suffer(RESUMED[name], "resumed"))
            else:
                waits.append(await scene.suffer(BEGUN_ANEW[name], "connected"))
            seen = await scene.seen()
            did = (count(seen, "resume", scene.bot.id), count(seen, "identify", scene.bot.id))
            assert did == ((1, 0) if name in RESUMED else (0, 1)), f"{name}: {did}, after {moods}"
        await scene.check_all_uses()
    assert most_sessions_at_once(scene.control)[scene.bot.id] == 1
    waits.sort()
    print(f"back after {waits[len(waits) // 2]:.3f} s, at most {waits[-1]:.3f} s")  # noqa: T201 - the figures


def shuffle(luck: random.Random, times: int) -> list[str]:
    """Make an order in which every mood comes, and each as often as chance has it."""
    names = [*RESUMED, *BEGUN_ANEW]
    moods = names + luck.choices(names, k=max(0, times - len(names)))
    luck.shuffle(moods)
    return moods


async def test_every_mood_in_a_random_order_leads_to_what_the_table_says(
    sandbox: RunningSandbox, bot: Bot
) -> None:
    await assert_moods_lead_where_they_should(Scene(sandbox, bot), shuffle(chance("moods"), 24))


@pytest.mark.long
async def test_a_thousand_moods_lead_to_what_the_table_says(sandbox: RunningSandbox, bot: Bot) -> None:
    await assert_moods_lead_where_they_should(Scene(sandbox, bot), shuffle(chance("a thousand moods"), 1000))


@pytest.mark.parametrize(
    "limits", [Limits(identify_seconds=0.001, heartbeat_seconds=HEARTBEAT_SECONDS)], ids=["quick beats"]
)
async def test_zombie_is_noticed_while_other_frames_arrive(sandbox: RunningSandbox, bot: Bot) -> None:
    scene = Scene(sandbox, bot)
    async with scene.running():
        await scene.seen()
        scene.control.drop_acks(bot.id)
        started = time.monotonic()
        while not scene.events.of("disconnected"):
            await asyncio.to_thread(scene.use)
            await asyncio.sleep(0.05)
            assert time.monotonic() - started < PATIENCE_SECONDS, "the zombie was taken for alive"
        seconds = time.monotonic() - started
        scene.control.clear_faults()
        await scene.heard("resumed", 1)
        await scene.check_all_uses()
        seen = await scene.seen()
    assert next(item["status"] for item in seen if item["kind"] == "disconnect") == 4000
    assert count(seen, "identify", bot.id) == 0
    print(f"noticed after {seconds:.2f} s at a heartbeat of {HEARTBEAT_SECONDS:g} s")  # noqa: T201 - the figure
    assert seconds < HEARTBEAT_SECONDS + 10

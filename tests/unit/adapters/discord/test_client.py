import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from socialcube.adapters.base import Launch
from socialcube.adapters.discord.adapter import DiscordAdapter
from socialcube.adapters.discord.reconnect import ReconnectPlan
from socialcube.adapters.errors import (
    HeldError,
    IntentsMissingError,
    PlatformUnreachableError,
    TokenInvalidError,
)
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from socialcube.domain.placements.types import ResumableSession
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from tests.fakes.bot_events import FakeBotEvents
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeGateway, FakeTransport
from tests.fakes.engine import settle

LIMIT = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
GATEWAY = {"url": "wss://gw.test", "shards": 1, "session_start_limit": LIMIT}
HELLO = {"op": 10, "d": {"heartbeat_interval": 40_000}}
RESUME_URL = "wss://resume.test/?encoding=json&v=10&compress=zlib-stream"
GUILD = {
    "id": "2001",
    "name": "Fern Street",
    "owner_id": "1001",
    "unavailable": False,
    "members": [
        {"user": {"id": "5001", "username": "green", "discriminator": "0", "avatar": None}, "roles": []}
    ],
    "roles": [
        {
            "id": "2001",
            "name": "@everyone",
            "permissions": "2048",
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
        }
    ],
    "channels": [{"id": "3002", "name": "general", "type": 0, "position": 1, "parent_id": None}],
}


def event(name: str, data: Any, sequence: int) -> dict[str, Any]:
    return {"op": 0, "t": name, "d": data, "s": sequence}


def ready(bot: str = "5001") -> dict[str, Any]:
    return event(
        "READY",
        {
            "user": {"id": bot, "username": "green", "discriminator": "0", "avatar": None},
            "application": {"id": bot, "flags": 0},
            "session_id": "abc",
            "resume_gateway_url": "wss://resume.test",
            "guilds": [{"id": "2001", "unavailable": True}],
        },
        1,
    )


class NoWait(ReconnectPlan):
    """Decides as the real plan does, and waits for nothing."""

    def __init__(self, clock: FakeClock, session: ResumableSession | None = None) -> None:
        super().__init__(clock, session, jitter=lambda: 0.0)
        self.waits: list[float] = []

    def went_down(self, session: ResumableSession | None, *, reached: bool = True) -> float:
        self.waits.append(super().went_down(session, reached=reached))
        return 0.001


class Scene:
    """One bot, its gateways and what was heard of it."""

    def __init__(self, *gateways: FakeGateway | Exception, starts: int = 10, **launch: Any) -> None:
        self.clock = FakeClock()
        self.events = FakeBotEvents()
        self.transport = FakeTransport(self.clock)
        self.transport.gateways.extend(gateways)
        self.transport.fake.script.extend([Answer(200, GATEWAY)] * starts)
        self.launch = Launch(new_id(), 5001, Secret("the-token"), intents=0, **launch)
        self.adapter = DiscordAdapter(self.launch, self.events, self.transport)
        self.plan = NoWait(self.clock, self.launch.session)
        self.adapter._client._plan = self.plan

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """Let the bot run until it has had a session for every gateway that stays open."""
        task = asyncio.create_task(self.adapter.run())
        await settle()
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, kind: str, count: int = 1) -> None:
        """Wait until an event of this kind was heard so many times."""
        async with asyncio.timeout(5):
            await self.events.heard_enough(kind, count)


async def test_bot_identifies_with_its_intents_and_is_connected() -> None:
    gateway = FakeGateway([HELLO, ready()])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("connected")
    [identify] = [frame for frame in gateway.sent if frame["op"] == 2]
    assert identify["d"]["token"] == "the-token"
    assert identify["d"]["intents"] == 1, "no bot can do without its servers"
    assert "compress" not in identify["d"]
    assert scene.events.of("connected") == [frozenset({2001})]
    assert [starts.remaining for starts in scene.events.admitted] == [999]


async def test_compressed_stream_is_read_in_pieces() -> None:
    packer = zlib.compressobj()

    def pack(text: str) -> bytes:
        return packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)

    hello = pack('{"op": 10, "d": {"heartbeat_interval": 40000}}')
    gateway = FakeGateway([hello[:5], hello[5:], pack('{"op": 11}'), ready()])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("connected")


async def test_lost_session_is_resumed_at_its_own_address() -> None:
    first = FakeGateway([HELLO, ready(), {"op": 7, "d": None}])
    second = FakeGateway([HELLO, event("RESUMED", {}, 2)])
    scene = Scene(first, second)
    async with scene.running():
        await scene.until("resumed")
    assert first.closed_with == 4000
    assert scene.transport.opened[1] == RESUME_URL
    [resume] = [frame for frame in second.sent if frame["op"] == 6]
    assert resume["d"] == {"token": "the-token", "session_id": "abc", "seq": 1}
    assert len(scene.transport.fake.calls) == 1, "the general address is asked once"


@pytest.mark.parametrize(("frames", "code"), [([{"op": 9, "d": False}], None), ([], 4007), ([], 4009)])
async def test_ended_session_is_started_anew(frames: list[object], code: int | None) -> None:
    scene = Scene(FakeGateway([HELLO, ready(), *frames], code), FakeGateway([HELLO, ready()]))
    async with scene.running():
        await scene.until("connected", 2)
    assert len(scene.events.admitted) == 2
    assert scene.plan.waits[0] >= 1


@pytest.mark.parametrize(
    ("code", "error"), [(4004, TokenInvalidError), (4014, IntentsMissingError), (4011, HeldError)]
)
async def test_final_close_ends_the_bot_after_one_try(code: int, error: type[HeldError]) -> None:
    scene = Scene(FakeGateway([HELLO], code))
    with pytest.raises(error):
        await scene.adapter.run()
    assert len(scene.transport.opened) == 1


async def test_unknown_token_ends_the_bot_before_any_connection() -> None:
    scene = Scene(starts=0)
    scene.transport.fake.script.append(Answer(401, {}))
    with pytest.raises(TokenInvalidError):
        await scene.adapter.run()
    assert scene.transport.opened == []


async def test_token_of_another_bot_is_refused() -> None:
    scene = Scene(FakeGateway([HELLO, ready(bot="6666")]))
    with pytest.raises(TokenInvalidError, match="another bot"):
        await scene.adapter.run()


async def test_start_that_the_budget_refuses_ends_the_bot_without_a_connection() -> None:
    scene = Scene()
    scene.events.refusal = StartsUsedUpError(used=900, limit=900)
    with pytest.raises(StartsUsedUpError):
        await scene.adapter.run()
    assert scene.transport.opened == []


@pytest.mark.parametrize("frames", [[], [HELLO]], ids=["before HELLO", "after HELLO"])
async def test_gateway_that_closes_at_once_is_tried_ever_later_and_survived(frames: list[object]) -> None:
    scene = Scene(*[FakeGateway(frames, 1006) for _ in range(6)], FakeGateway([HELLO, ready()]))
    async with scene.running():
        await scene.until("connected")
    assert scene.plan.waits == sorted(scene.plan.waits)
    assert scene.plan.waits[-1] > 30


async def test_gateway_that_cannot_be_reached_is_tried_again() -> None:
    scene = Scene(PlatformUnreachableError(reason="test"), FakeGateway([HELLO, ready()]))
    async with scene.running():
        await scene.until("connected")
    assert scene.events.of("disconnected") == ["The platform cannot be reached: test."]


@pytest.mark.parametrize(
    "frame",
    [
        event("GUILD_CREATE", {}, 2),
        event("GUILD_ROLE_CREATE", None, 2),
        event("INTERACTION_CREATE", {"type": 2}, 2),
        "{broken",
    ],
)
async def test_broken_event_is_skipped_and_the_next_one_is_taken(frame: object) -> None:
    scene = Scene(FakeGateway([HELLO, ready(), frame, event("GUILD_CREATE", GUILD, 3)]))
    async with scene.running():
        await scene.until("guild_changed")
    assert len(scene.events.of("event_skipped")) == 1


async def test_broken_ready_leads_to_another_start() -> None:
    scene = Scene(FakeGateway([HELLO, event("READY", {}, 1)]), FakeGateway([HELLO, ready()]))
    async with scene.running():
        await scene.until("connected")
    assert len(scene.events.admitted) == 2


async def test_broken_stream_leads_to_another_connection() -> None:
    junk = b"no zlib\x00\x00\xff\xff"
    scene = Scene(FakeGateway([HELLO, ready(), junk]), FakeGateway([HELLO, event("RESUMED", {}, 2)]))
    async with scene.running():
        await scene.until("resumed")


async def test_server_is_described_with_its_channels_and_roles() -> None:
    scene = Scene(FakeGateway([HELLO, ready(), event("GUILD_CREATE", GUILD, 2)]))
    async with scene.running():
        await scene.until("guild_changed")
    guild = scene.adapter.describe_guild(2001)
    assert guild is not None
    assert (guild.name, guild.owner_external_id, guild.permissions) == ("Fern Street", 1001, 2048)
    assert [channel.name for channel in guild.channels] == ["general"]
    assert [role.name for role in guild.roles] == ["@everyone"]
    assert scene.adapter.list_guild_ids() == {2001}
    assert scene.adapter.guild_count == 1


async def test_server_that_is_only_unavailable_was_not_left() -> None:
    gone = event("GUILD_DELETE", {"id": "2001", "unavailable": True}, 3)
    left = event("GUILD_DELETE", {"id": "2001"}, 4)
    scene = Scene(FakeGateway([HELLO, ready(), event("GUILD_CREATE", GUILD, 2), gone, left]))
    async with scene.running():
        await scene.until("guild_left")
    assert scene.events.of("guild_left") == [2001]
    assert scene.adapter.describe_guild(2001) is None


@pytest.mark.parametrize(("hand_over", "code"), [(True, 4000), (False, 1000)])
async def test_leaving_keeps_the_session_only_for_a_hand_over(*, hand_over: bool, code: int) -> None:
    gateway = FakeGateway([HELLO, ready()])
    scene = Scene(gateway)
    async with scene.running() as task:
        await scene.until("connected")
        await scene.adapter.stop(hand_over=hand_over)
        await asyncio.wait_for(task, 5)
    assert gateway.closed_with == code
    assert scene.events.of("disconnected") == []


async def test_bot_of_another_runner_is_dropped_without_a_word() -> None:
    gateway = FakeGateway([HELLO, ready()])
    scene = Scene(gateway)
    async with scene.running() as task:
        await scene.until("connected")
        sent = len(gateway.sent)
        scene.events.owns = False
        await scene.adapter.stop(hand_over=True)
        await asyncio.wait_for(task, 5)
    assert gateway.dropped
    assert gateway.closed_with is None
    assert len(gateway.sent) == sent


async def test_bot_of_another_runner_does_not_even_connect() -> None:
    scene = Scene()
    scene.events.owns = False
    with pytest.raises(LeaseLostError):
        await scene.adapter.run()
    assert scene.transport.fake.calls == []
    assert scene.transport.opened == []


async def test_gateway_that_asks_for_a_heartbeat_gets_one() -> None:
    gateway = FakeGateway([HELLO, ready(), {"op": 1, "d": None}, event("RESUMED", {}, 2)])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("resumed")
    assert {"op": 1, "d": 1} in gateway.sent
    assert scene.adapter.latency_ms is None
    assert scene.adapter.last_event_at == scene.clock.now()

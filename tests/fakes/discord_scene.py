"""One bot of the Discord adapter whose gateways and answers a test writes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from socialcube.adapters.base import Launch
from socialcube.adapters.discord.adapter import DiscordAdapter
from socialcube.adapters.discord.reconnect import ReconnectPlan
from socialcube.domain.placements.types import ResumableSession
from socialcube.kernel.clock import Clock
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
GUILD: dict[str, Any] = {
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


def make_event(name: str, data: Any, sequence: int) -> dict[str, Any]:
    return {"op": 0, "t": name, "d": data, "s": sequence}


def make_ready(bot: str = "5001") -> dict[str, Any]:
    return make_event(
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

    def __init__(self, clock: Clock, session: ResumableSession | None = None) -> None:
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

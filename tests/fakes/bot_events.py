"""A listener of one bot's events that remembers them."""

import asyncio

from socialcube.adapters.base import Connection, SessionStarts
from socialcube.domain.commands.types import Invocation
from socialcube.engine.ports import Responder


class FakeBotEvents:
    """Remembers what an adapter tells, in order.

    Attributes:
        heard: the kind of each event and what it said.
        owns: whether this runner owns the bot.
        refusal: what `admit_start` raises.
        run: what an invocation starts.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []
        self.invocations: list[tuple[Invocation, Responder]] = []
        self.admitted: list[SessionStarts] = []
        self.owns = True
        self.refusal: Exception | None = None
        self.run: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def may_send(self) -> bool:
        return self.owns

    async def admit_start(self, starts: SessionStarts) -> None:
        self.admitted.append(starts)
        if self.refusal is not None:
            raise self.refusal

    def connected(self, connection: Connection) -> None:
        self._hear("connected", connection.guild_ids)

    def resumed(self) -> None:
        self._hear("resumed", None)

    def disconnected(self, sentence: str) -> None:
        self._hear("disconnected", sentence)

    def guild_changed(self, external_id: int) -> None:
        self._hear("guild_changed", external_id)

    def guild_left(self, external_id: int) -> None:
        self._hear("guild_left", external_id)

    def guild_unavailable(self, external_id: int) -> None:
        self._hear("guild_unavailable", external_id)

    def invoked(self, invocation: Invocation, responder: Responder) -> asyncio.Task[None] | None:
        self.invocations.append((invocation, responder))
        self._news.set()
        return self.run

    def event_skipped(self, event: str, problem: str) -> None:
        self._hear("event_skipped", event)
        assert problem

    async def heard_enough(self, kind: str, count: int) -> None:
        """Return once so many events of a kind were heard."""
        while len(self.of(kind)) < count:
            self._news.clear()
            await self._news.wait()

    async def invoked_enough(self, count: int) -> None:
        """Return once so many uses of commands came."""
        while len(self.invocations) < count:
            self._news.clear()
            await self._news.wait()

    def of(self, kind: str) -> list[object]:
        """Give what the events of one kind said."""
        return [said for heard, said in self.heard if heard == kind]

    def _hear(self, kind: str, said: object) -> None:
        self.heard.append((kind, said))
        self._news.set()

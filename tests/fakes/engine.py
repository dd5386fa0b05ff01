"""Stand-ins for the engine's ports: time that tests turn, and a person who can be slow or refuse."""

import asyncio
from datetime import UTC, datetime, timedelta

from socialcube.engine.ports import Message

_TURNS = 12


class FakeTime:
    """A clock and a sleep that move together, and only when told."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.wall = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, delay: float, /) -> None:
        future = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.seconds + delay, future))
        await future

    def move(self, seconds: float) -> float:
        """Move without letting anything react. Gives the monotonic time."""
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)
        for at, future in self.sleepers:
            if at <= self.seconds and not future.done():
                future.set_result(None)
        return self.seconds

    async def advance(self, seconds: float) -> None:
        """Let everything get to its wait, move, and let everything react."""
        await settle()
        self.move(seconds)
        await settle()


class FakeResponder:
    """Records calls. `gates` holds calls until an event is set, `faults` makes them fail, by method name."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.faults: dict[str, list[Exception | None]] = {}

    async def defer(self, private: bool) -> None:
        await self._call("defer", private)

    async def reply(self, message: Message) -> None:
        await self._call("reply", message)

    @property
    def replies(self) -> list[Message]:
        return [value for _, value in self.calls if isinstance(value, Message)]

    async def _call(self, name: str, value: object) -> None:
        self.calls.append((name, value))
        if name in self.gates:
            await self.gates[name].wait()
        faults = self.faults.get(name, [])
        fault = faults.pop(0) if faults else None
        if fault:
            raise fault


async def settle() -> None:
    """Let every task that can go on do so."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)

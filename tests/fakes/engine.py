"""Stand-ins for the engine's ports: time that tests turn, and a person who can be slow or refuse."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from socialcube.engine.ports import Message

_TURNS = 12


class FakeTime:
    """A clock, sleepers and alarms that move together, and only when told."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.wall = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self.alarms: list[FakeAlarm] = []

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, delay: float, /) -> None:
        future = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.seconds + delay, future))
        await future

    def call_later(self, delay: float, callback: Callable[[], None], /) -> "FakeAlarm":
        alarm = FakeAlarm(self.seconds + delay, callback)
        self.alarms.append(alarm)
        return alarm

    def move(self, seconds: float) -> float:
        """Move without letting anything react. Gives the monotonic time."""
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)
        for at, future in self.sleepers:
            if at <= self.seconds and not future.done():
                future.set_result(None)
        for alarm in self.alarms:
            alarm.go_off(self.seconds)
        return self.seconds

    async def advance(self, seconds: float) -> None:
        """Let everything get to its wait, move, and let everything react."""
        await settle()
        self.move(seconds)
        await settle()


class FakeAlarm:
    """An alarm of `FakeTime`: goes off once, unless it is cancelled before."""

    def __init__(self, at: float, callback: Callable[[], None]) -> None:
        self._at = at
        self._callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self._callback = None

    def go_off(self, now: float) -> None:
        if self._callback is not None and self._at <= now:
            callback, self._callback = self._callback, None
            callback()


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

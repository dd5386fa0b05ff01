import pytest

from socialcube.fleet.heartbeat import LoopStalledError, LoopWatch
from tests.fakes.clock import FakeClock


class Loop:
    """An event loop that wakes tasks late, as scripted."""

    def __init__(self, clock: FakeClock, *lags: float) -> None:
        self._clock = clock
        self._lags = iter(lags)

    async def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds + next(self._lags))


async def test_standstill_longer_than_a_lease_ends_the_process() -> None:
    clock = FakeClock()
    watch = LoopWatch(clock, limit=20, sleep=Loop(clock, 0.0, 0.1, 60.0).sleep)
    with pytest.raises(LoopStalledError, match=r"stood still for 60\.0 seconds"):
        await watch.run()


async def test_shorter_standstills_are_measured_and_survived() -> None:
    clock = FakeClock()
    watch = LoopWatch(clock, limit=20, sleep=Loop(clock, 0.0, 19.9, 0.3).sleep)
    with pytest.raises((StopIteration, RuntimeError)):
        await watch.run()
    assert watch.worst == pytest.approx(19.9)

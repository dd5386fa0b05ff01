from datetime import timedelta

from socialcube.adapters.discord.frame_limit import FrameLimit
from tests.fakes.clock import FakeClock


async def test_window_takes_110_frames_and_the_next_one_waits_for_its_end() -> None:
    clock = FakeClock()
    limit = FrameLimit(clock)
    assert [limit.get_delay() for _ in range(110)] == [0.0] * 110
    assert limit.is_ratelimited()
    clock.advance(20)
    assert limit.get_delay() == 40
    clock.advance(41)
    assert not limit.is_ratelimited()
    assert limit.get_delay() == 0


async def test_window_begins_with_its_first_frame() -> None:
    clock = FakeClock()
    limit = FrameLimit(clock)
    clock.advance(50)
    for _ in range(110):
        limit.get_delay()
    assert limit.get_delay() == 60


async def test_wall_clock_that_is_set_back_changes_nothing() -> None:
    clock = FakeClock()
    limit = FrameLimit(clock)
    for _ in range(110):
        limit.get_delay()
    clock._now -= timedelta(hours=1)
    assert limit.get_delay() == 60

from datetime import timedelta

from socialcube.sandbox.world.snowflakes import SnowflakeFactory, made_at
from tests.fakes.clock import START, FakeClock


def test_id_carries_the_time_it_was_made(clock: FakeClock) -> None:
    assert made_at(SnowflakeFactory(clock).make()) == START


def test_ids_grow_within_a_millisecond_and_when_the_clock_steps_back(clock: FakeClock) -> None:
    factory = SnowflakeFactory(clock)
    first, second = factory.make(), factory.make()
    clock.advance(-3600)
    third = factory.make()

    assert first < second < third


def test_ids_go_on_above_what_a_state_file_brought(clock: FakeClock) -> None:
    later = SnowflakeFactory(FakeClock(START + timedelta(days=1))).make()
    factory = SnowflakeFactory(clock)
    factory.skip_to(later)

    assert factory.make() > later

from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.fleet.silence import SilenceWatch
from tests.fakes.clock import START, FakeClock

QUIET, LIVELY = UUID(int=1), UUID(int=2)


@pytest.fixture
def watch(clock: FakeClock) -> SilenceWatch:
    return SilenceWatch(clock, lease_seconds=20, renew_seconds=5)


def look_for(watch: SilenceWatch, clock: FakeClock, seconds: int) -> set[UUID]:
    """Look each second at one runner that never speaks and one that does. Gives who is silent at last."""
    silent: set[UUID] = set()
    for _ in range(seconds):
        clock.advance(1)
        silent = set(watch.look({QUIET: START, LIVELY: clock.now()}))
    return silent


def test_runner_is_silent_once_its_sign_stood_still_for_a_lease(
    watch: SilenceWatch, clock: FakeClock
) -> None:
    assert look_for(watch, clock, 20) == set()
    assert look_for(watch, clock, 1) == {QUIET}


def test_last_sign_is_given_back_for_the_verdict(watch: SilenceWatch, clock: FakeClock) -> None:
    look_for(watch, clock, 20)
    clock.advance(1)
    assert watch.look({QUIET: START}) == {QUIET: START}


@pytest.mark.parametrize("hours", [-1, 1])
def test_sign_that_jumps_is_a_sign_of_life(watch: SilenceWatch, clock: FakeClock, hours: int) -> None:
    look_for(watch, clock, 20)
    clock.advance(1)
    assert watch.look({QUIET: START + timedelta(hours=hours)}) == {}


def test_whoever_could_not_look_begins_anew(watch: SilenceWatch, clock: FakeClock) -> None:
    look_for(watch, clock, 19)
    clock.advance(6)
    assert look_for(watch, clock, 20) == set()
    assert look_for(watch, clock, 1) == {QUIET}


def test_after_a_refused_sign_of_its_own_it_waits_a_renewal_longer(
    watch: SilenceWatch, clock: FakeClock
) -> None:
    look_for(watch, clock, 30)
    watch.distrust()
    assert look_for(watch, clock, 24) == set()
    assert look_for(watch, clock, 1) == {QUIET}


def test_runner_that_is_not_listed_any_more_is_forgotten(watch: SilenceWatch, clock: FakeClock) -> None:
    look_for(watch, clock, 19)
    clock.advance(1)
    watch.look({})
    assert look_for(watch, clock, 20) == set()

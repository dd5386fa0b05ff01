from socialcube.infra.breaker import FAILURES_TO_OPEN, PAUSE_SECONDS, Breaker
from tests.fakes.clock import FakeClock


def make_open(clock: FakeClock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_one_failure_stops_nothing() -> None:
    breaker = Breaker(FakeClock())
    breaker.failed()
    assert breaker.allows()


def test_failures_in_a_row_stop_calls() -> None:
    assert not make_open(FakeClock()).allows()


def test_an_answer_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(FakeClock())
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()


def test_after_the_pause_one_caller_tries_and_the_others_wait() -> None:
    clock = FakeClock()
    breaker = make_open(clock)
    clock.advance(PAUSE_SECONDS)
    assert breaker.allows()
    assert not breaker.allows()


def test_a_trial_that_succeeds_lets_everybody_through() -> None:
    clock = FakeClock()
    breaker = make_open(clock)
    clock.advance(PAUSE_SECONDS)
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_a_trial_that_fails_begins_another_pause() -> None:
    clock = FakeClock()
    breaker = make_open(clock)
    clock.advance(PAUSE_SECONDS)
    assert breaker.allows()
    breaker.failed()
    clock.advance(PAUSE_SECONDS - 0.1)
    assert not breaker.allows()
    clock.advance(0.1)
    assert breaker.allows()

from hypothesis import given
from hypothesis import strategies as st

from socialcube.adapters.backoff import backoff


def test_nothing_failed_means_no_wait() -> None:
    assert backoff(0, base=1, cap=60) == 0
    assert backoff(-1, base=1, cap=60) == 0


def test_waits_double_up_to_the_cap() -> None:
    waits = [backoff(failures, base=1, cap=10, jitter=lambda: 1.0) for failures in range(1, 7)]
    assert waits == [1, 2, 4, 8, 10, 10]


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wait_is_spread_over_the_upper_half_and_never_above_the_cap(failures: int, jitter: float) -> None:
    wait = backoff(failures, base=0.5, cap=60, jitter=lambda: jitter)
    assert 0.25 <= wait <= 60

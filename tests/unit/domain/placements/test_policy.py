import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.placements.policy import claim_limit, surplus
from socialcube.domain.placements.types import Share


@pytest.mark.parametrize(
    ("wanted", "living", "limit"), [(0, 1, 0), (1, 1, 1), (3, 2, 2), (4, 2, 2), (100, 3, 34), (5, 0, 5)]
)
def test_claim_limit_is_an_even_part_rounded_up(wanted: int, living: int, limit: int) -> None:
    assert claim_limit(Share(wanted, living, living), max_bots=500) == limit


def test_claim_limit_never_exceeds_what_a_runner_may_hold() -> None:
    assert claim_limit(Share(1000, 1, 1), max_bots=500) == 500


def test_surplus_ignores_runners_that_have_just_started() -> None:
    assert surplus(Share(wanted=4, living=2, settled=1), held=4) == 0
    assert surplus(Share(wanted=4, living=2, settled=2), held=4) == 2


def test_surplus_is_never_negative() -> None:
    assert surplus(Share(wanted=10, living=2, settled=2), held=1) == 0


@given(st.integers(0, 5000), st.integers(1, 50))
def test_limits_of_all_runners_together_cover_all_bots_without_a_surplus(wanted: int, runners: int) -> None:
    share = Share(wanted, runners, runners)
    limit = claim_limit(share, max_bots=10_000)
    assert limit * runners >= wanted
    assert surplus(share, held=limit) == 0

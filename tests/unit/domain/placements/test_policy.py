from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.placements.policy import (
    INVALID_ALARM,
    claim_limit,
    find_culprits,
    starts_limit,
    surplus,
)
from socialcube.domain.placements.types import Share


@pytest.mark.parametrize(
    ("wanted", "living", "limit"), [(0, 1, 0), (1, 1, 1), (3, 2, 2), (4, 2, 2), (100, 3, 34), (5, 0, 5)]
)
def test_claim_limit_is_an_even_part_rounded_up(wanted: int, living: int, limit: int) -> None:
    assert claim_limit(Share(wanted, [500] * living, [500] * living), max_bots=500) == limit


def test_claim_limit_never_exceeds_what_a_runner_may_hold() -> None:
    assert claim_limit(Share(1000, [500], [500]), max_bots=500) == 500


def test_surplus_ignores_runners_that_have_just_started() -> None:
    assert surplus(Share(wanted=4, living=[500, 500], settled=[500]), held=4) == 0
    assert surplus(Share(wanted=4, living=[500, 500], settled=[500, 500]), held=4) == 2


def test_surplus_is_never_negative() -> None:
    assert surplus(Share(wanted=10, living=[500, 500], settled=[500, 500]), held=1) == 0


def test_full_runner_counts_with_its_own_limit_and_the_rest_is_shared_again() -> None:
    share = Share(wanted=30, living=[500, 3], settled=[500, 3])
    assert (claim_limit(share, max_bots=500), claim_limit(share, max_bots=3)) == (27, 3)
    assert surplus(share, held=30) == 3
    assert surplus(share, held=27) == 0


def test_nobody_gives_up_what_no_other_could_take() -> None:
    assert surplus(Share(wanted=30, living=[10, 3], settled=[10, 3]), held=10) == 0


@given(st.integers(0, 5000), st.lists(st.integers(1, 600), min_size=1, max_size=50))
def test_runners_together_hold_all_that_fits_and_nobody_gives_up_any_of_it(
    wanted: int, limits: list[int]
) -> None:
    share = Share(wanted, limits, limits)
    held = [claim_limit(share, limit) for limit in limits]
    assert sum(held) >= min(wanted, sum(limits))
    assert all(surplus(share, each) == 0 for each in held)
    free = [limit for limit, each in zip(limits, held, strict=True) if each < limit]
    assert len({claim_limit(share, limit) for limit in free}) <= 1


@pytest.mark.parametrize(
    ("total", "wished", "by_itself"), [(1000, 990, 900), (2000, 1990, 1900), (50, 45, 45)]
)
def test_some_starts_are_kept_for_people_and_a_few_for_nobody(
    total: int, wished: int, by_itself: int
) -> None:
    assert starts_limit(total, is_wished=True) == wished
    assert starts_limit(total, is_wished=False) == by_itself


def test_whoever_is_refused_most_is_stopped_in_time() -> None:
    calm, loud, louder = (UUID(int=number) for number in range(3))
    assert find_culprits({}) == []
    assert find_culprits({calm: 1, loud: 499}) == []
    assert find_culprits({calm: 1, loud: 500, louder: 600}) == [loud, louder]


def test_of_many_that_are_refused_a_little_the_worst_is_stopped() -> None:
    counts = {UUID(int=number): 400 for number in range(6)} | {UUID(int=9): 401}
    assert find_culprits(counts) == [UUID(int=9)]


@given(st.dictionaries(st.uuids(), st.integers(1, 20_000), max_size=50))
def test_with_the_culprits_stopped_the_alarm_is_over_or_goes_on_to_the_next(counts: dict[UUID, int]) -> None:
    for _ in range(len(counts) + 1):
        culprits = find_culprits(counts)
        if not culprits:
            break
        counts = {bot_id: count for bot_id, count in counts.items() if bot_id not in culprits}
    assert sum(counts.values()) < INVALID_ALARM

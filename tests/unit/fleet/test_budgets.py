from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from socialcube.adapters.base import SessionStarts
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import StartsUsedUpError
from socialcube.domain.placements.types import Lease
from socialcube.fleet.budgets import BUCKET_SECONDS, CrashBudget, StartGate
from tests.factories.placements import all_shards
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock

StoreBots = Callable[[int], list[UUID]]
Own = Callable[..., Awaitable[list[Lease]]]

PLENTY = SessionStarts(remaining=900, total=1000, reset_seconds=0)
DAY_SECONDS = 24 * 3600


class Waits:
    """A sleep that notes the two waits of each start: for the fleet's turn, then for the bucket's."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)

    @property
    def for_the_fleet(self) -> list[float]:
        return self.seconds[::2]

    @property
    def for_the_bucket(self) -> list[float]:
        return self.seconds[1::2]


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def gate(bridge: DirectBridge, waits: Waits) -> StartGate:
    return StartGate(bridge, starts_per_second=2, sleep=waits)


@pytest.fixture
def own(bridge: DirectBridge, runner_id: UUID, store_bots: StoreBots) -> Own:
    """Give a maker of leases on all shards of some bots."""

    async def claim(bots: int, shards: int = 1) -> list[Lease]:
        wanted = all_shards(store_bots(bots), count=shards)
        return await bridge.write(service.claim_shards, runner_id, wanted, at_most=len(wanted))

    return claim


async def test_next_start_of_the_same_bot_waits_and_other_bots_do_not(
    gate: StartGate, waits: Waits, own: Own
) -> None:
    first, second = await own(2)
    for lease in (first, second, first):
        await gate.admit(lease, 1, PLENTY)
    assert waits.for_the_bucket == pytest.approx([0, 0, BUCKET_SECONDS], abs=1)


async def test_shards_of_one_bucket_start_one_after_the_other_and_buckets_side_by_side(
    gate: StartGate, waits: Waits, own: Own
) -> None:
    starts = SessionStarts(900, 1000, 0, shards=4, max_concurrency=2)
    for lease in await own(1, shards=4):
        await gate.admit(lease, 1, starts)
    assert waits.for_the_bucket == pytest.approx([0, 0, BUCKET_SECONDS, BUCKET_SECONDS], abs=1)


async def test_turns_hold_over_runners(bridge: DirectBridge, gate: StartGate, own: Own) -> None:
    [lease] = await own(1)
    other_waits = Waits()
    await gate.admit(lease, 1, PLENTY)
    await StartGate(bridge, starts_per_second=2, sleep=other_waits).admit(lease, 1, PLENTY)
    assert other_waits.for_the_bucket == pytest.approx([BUCKET_SECONDS], abs=1)


async def test_whole_fleet_starts_at_its_rate(gate: StartGate, waits: Waits, own: Own) -> None:
    for lease in await own(5):
        await gate.admit(lease, 1, PLENTY)
    assert waits.for_the_fleet == pytest.approx([0, 0.5, 1, 1.5, 2], abs=0.4)


async def test_last_starts_are_left_to_people(gate: StartGate, own: Own) -> None:
    [lease] = await own(1)
    few = SessionStarts(60, 1000, 0)
    await gate.admit(lease, 1, few)
    with pytest.raises(StartsUsedUpError, match="used 940 of its 1000"):
        await gate.admit(lease, 1, few)
    await gate.admit(lease, 2, few)


async def test_crash_loop_spends_no_more_than_900_starts_although_its_runner_is_restarted_each_time(
    bridge: DirectBridge, own: Own, engine: Engine
) -> None:
    [lease] = await own(1)
    started = 0
    for _ in range(8):
        gate = StartGate(bridge, starts_per_second=50, sleep=Waits())
        try:
            await gate.admit(lease, 1, SessionStarts(1000, 1000, 0))
        except StartsUsedUpError:
            continue
        if started == 0:
            with engine.begin() as connection:
                connection.execute(text("UPDATE session_starts SET used = 895"))
        started += 1
    assert started == 6
    with engine.connect() as connection:
        assert connection.execute(text("SELECT sum(used) FROM session_starts")).scalar() == 900


def test_crashes_are_answered_ever_later_up_to_a_quarter_of_an_hour(clock: FakeClock) -> None:
    budget = CrashBudget(clock)
    pauses = [budget.note() for _ in range(12)]
    for pause, full in zip(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], strict=True):
        assert full / 2 <= pause <= full


def test_crash_loop_of_a_day_leaves_nine_tenths_of_the_starts(clock: FakeClock) -> None:
    budget, begun, starts = CrashBudget(clock), clock.monotonic(), 0
    while clock.monotonic() - begun < DAY_SECONDS:
        starts += 1
        clock.advance(1)
        clock.advance(budget.note())
    assert starts <= 210


def test_bot_that_lived_for_a_quarter_of_an_hour_starts_over_with_patience(clock: FakeClock) -> None:
    budget = CrashBudget(clock)
    for _ in range(5):
        clock.advance(budget.note() + 1)
    clock.advance(900)
    assert budget.note() <= 2

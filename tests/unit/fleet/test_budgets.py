from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from socialcube.adapters.base import SessionStarts
from socialcube.domain.placements.errors import StartsUsedUpError
from socialcube.fleet.budgets import START_RESERVE, CrashBudget, StartGate
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock

StoreBots = Callable[[int], list[UUID]]
PLENTY = SessionStarts(remaining=900, total=1000, reset_seconds=0)


class Waits:
    """A sleep that turns the clock."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._clock.advance(seconds)


async def test_start_is_counted_and_the_next_of_the_same_bot_waits_five_seconds(
    bridge: DirectBridge, clock: FakeClock, store_bots: StoreBots
) -> None:
    waits = Waits(clock)
    gate, [first, second] = StartGate(bridge, clock, waits), store_bots(2)
    await gate.admit(first, PLENTY)
    await gate.admit(second, PLENTY)
    assert waits.seconds == [0.0, 0.0]
    clock.advance(1)
    await gate.admit(first, PLENTY)
    assert waits.seconds[-1] == pytest.approx(4.0)


async def test_last_starts_are_left_to_people(
    bridge: DirectBridge, clock: FakeClock, store_bots: StoreBots
) -> None:
    gate, [bot] = StartGate(bridge, clock, Waits(clock)), store_bots(1)
    await gate.admit(bot, SessionStarts(START_RESERVE + 1, 1000, 0))
    with pytest.raises(StartsUsedUpError, match="used 990 of its 1000"):
        await gate.admit(bot, SessionStarts(START_RESERVE, 1000, 0))


async def test_our_own_count_refuses_although_discord_would_admit(
    bridge: DirectBridge, clock: FakeClock, store_bots: StoreBots, engine: Engine
) -> None:
    gate, [bot] = StartGate(bridge, clock, Waits(clock)), store_bots(1)
    await gate.admit(bot, PLENTY)
    with engine.begin() as connection:
        connection.execute(text("UPDATE identify_budget SET used = 900"))
    with pytest.raises(StartsUsedUpError, match="used 900 of its 900"):
        await gate.admit(bot, PLENTY)


def test_crashes_are_answered_ever_later_and_then_with_a_hold(clock: FakeClock) -> None:
    budget = CrashBudget(clock, limit=5)
    assert [budget.note() for _ in range(5)] == [2.0, 4.0, 8.0, 16.0, None]


def test_crash_is_forgotten_after_the_window(clock: FakeClock) -> None:
    budget = CrashBudget(clock, limit=2, window_seconds=900)
    assert budget.note() == 2.0
    clock.advance(901)
    assert budget.note() == 2.0
    assert budget.note() is None

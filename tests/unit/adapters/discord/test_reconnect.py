import pytest

from socialcube.adapters.discord.reconnect import ReconnectPlan
from socialcube.domain.placements.types import ResumableSession
from tests.fakes.clock import FakeClock

SESSION = ResumableSession("s", 7, "wss://resume.test", 5001)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def plan(clock: FakeClock) -> ReconnectPlan:
    return ReconnectPlan(clock, jitter=lambda: 1.0)


def live(
    plan: ReconnectPlan, clock: FakeClock, seconds: float, session: ResumableSession | None = SESSION
) -> float:
    """Let a session stand for a time and get lost. Gives the wait."""
    plan.came_up()
    clock.advance(seconds)
    return plan.went_down(session)


def test_session_that_stood_is_resumed_at_once(plan: ReconnectPlan, clock: FakeClock) -> None:
    assert live(plan, clock, 3600) == 0
    assert plan.session == SESSION


def test_sessions_that_flap_are_resumed_ever_later_but_within_seconds(
    plan: ReconnectPlan, clock: FakeClock
) -> None:
    waits = [live(plan, clock, 0.1) for _ in range(10)]
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert waits[-1] == 4


def test_gateway_that_closes_before_a_session_stands_is_tried_ever_later(plan: ReconnectPlan) -> None:
    waits = [plan.went_down(None) for _ in range(12)]
    assert waits[0] >= 1
    assert waits == sorted(waits)
    assert 60 <= waits[-1] <= 900


def test_session_that_cannot_be_resumed_three_times_is_given_up(plan: ReconnectPlan) -> None:
    plan.came_up()
    plan.went_down(SESSION)
    tries = []
    for _ in range(3):
        plan.went_down(SESSION)
        tries.append(plan.session)
    assert tries == [SESSION, SESSION, None]


def test_session_of_another_process_is_tried_first(clock: FakeClock) -> None:
    assert ReconnectPlan(clock, SESSION).session == SESSION


def test_address_of_a_session_is_not_trusted_after_two_tries_until_something_was_reached(
    clock: FakeClock,
) -> None:
    plan = ReconnectPlan(clock, SESSION, jitter=lambda: 1.0)
    trusted = []
    for _ in range(3):
        trusted.append(plan.trusts_address)
        plan.went_down(SESSION, reached=False)
    assert trusted == [True, True, False]
    plan.came_up()
    assert plan.trusts_address


def test_session_is_kept_while_the_gateway_cannot_be_reached_at_all(plan: ReconnectPlan) -> None:
    plan.came_up()
    plan.went_down(SESSION)
    waits = [plan.went_down(SESSION, reached=False) for _ in range(20)]
    assert plan.session == SESSION
    assert waits[-1] == 60


def test_ended_session_waits_one_to_five_seconds_as_discord_asks(clock: FakeClock) -> None:
    for shortest, wait in ((True, 1.0), (False, 5.0)):
        plan = ReconnectPlan(clock, jitter=(lambda: 0.0) if shortest else (lambda: 1.0))
        assert live(plan, clock, 3600, session=None) == wait
        assert plan.session is None


def test_starts_that_lead_to_nothing_are_spread_up_to_a_quarter_of_an_hour(
    plan: ReconnectPlan, clock: FakeClock
) -> None:
    waits = [live(plan, clock, 1, session=None) for _ in range(12)]
    assert waits[-1] == 900
    day = 24 * 3600
    assert day / 900 < 900, "a bot that dies at once spends far fewer than its starts"


def test_session_that_stood_forgives_everything(plan: ReconnectPlan, clock: FakeClock) -> None:
    for _ in range(8):
        live(plan, clock, 1, session=None)
    live(plan, clock, 60)
    assert live(plan, clock, 1) == 0

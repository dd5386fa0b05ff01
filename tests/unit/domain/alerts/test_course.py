from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.alerts.policy import Step, next_step
from socialcube.domain.alerts.types import AlertKind, AlertView, Patience, Trouble
from tests.factories.alerts import make_alert, make_trouble
from tests.fakes.clock import START

PATIENCE = Patience(grace=timedelta(seconds=60), recovery=timedelta(seconds=120))
DOWN = make_trouble()
HELD = make_trouble(AlertKind.NEEDS_YOU, graces=0)
TOLD = make_alert(told_at=START)


def step(alert: AlertView | None, trouble: Trouble | None, seconds: int = 0) -> Step:
    return next_step(alert, trouble, START + timedelta(seconds=seconds), PATIENCE)


def test_a_well_bot_needs_nothing() -> None:
    assert step(None, None) is Step.NOTHING


def test_a_new_trouble_is_noted_first() -> None:
    assert step(None, DOWN) is Step.OPEN


def test_nobody_is_told_within_the_grace() -> None:
    assert step(make_alert(), DOWN, 59) is Step.NOTHING
    assert step(make_alert(), DOWN, 60) is Step.TELL
    assert step(make_alert(), replace(DOWN, graces=5), 299) is Step.NOTHING
    assert step(make_alert(), HELD) is Step.TELL


def test_what_passes_within_the_grace_and_stays_away_is_forgotten() -> None:
    assert step(make_alert(), None, 59) is Step.CALM
    calm = make_alert(calm_since=START + timedelta(seconds=59))
    assert step(calm, None, 118) is Step.NOTHING
    assert step(calm, None, 119) is Step.FORGET
    assert step(calm, DOWN, 59) is Step.RELAPSE
    assert step(calm, DOWN, 60) is Step.TELL


def test_a_told_trouble_is_told_once() -> None:
    assert step(TOLD, DOWN, 10_000) is Step.NOTHING


def test_a_recovery_counts_after_it_has_held() -> None:
    assert step(TOLD, None, 70) is Step.CALM
    calm = replace(TOLD, calm_since=START + timedelta(seconds=70))
    assert step(calm, None, 189) is Step.NOTHING
    assert step(calm, None, 190) is Step.RECOVER


def test_a_bot_that_crashed_must_outlive_the_longest_pause_of_its_runner() -> None:
    crashed = replace(TOLD, kind=AlertKind.CRASHING, calm_since=START)
    assert step(crashed, None, 899) is Step.NOTHING
    assert step(crashed, None, 900) is Step.RECOVER


def test_a_relapse_tells_nothing() -> None:
    assert step(replace(TOLD, calm_since=START), DOWN, 30) is Step.RELAPSE


def test_what_now_needs_people_is_told_anew() -> None:
    assert step(TOLD, HELD, 30) is Step.WORSEN
    assert step(replace(TOLD, kind=AlertKind.NEEDS_YOU), DOWN, 30) is Step.NOTHING


TROUBLES = st.sampled_from([None, DOWN, HELD, make_trouble(AlertKind.GATEWAY_DEAD)])


@given(st.lists(st.tuples(TROUBLES, st.integers(1, 200)), max_size=60))
def test_news_take_turns_whatever_happens(looks: list[tuple[Trouble | None, int]]) -> None:
    """People hear of a trouble, then of its end; a worse one comes between only where it needs them."""
    heard = list(_follow(looks))
    for before, now in pairwise(heard):
        assert (before, now) in {("told", "recovered"), ("recovered", "told"), ("told", "worse")} | (
            {("worse", "recovered")}
        )
    assert not heard or heard[0] == "told"


def _follow(looks: list[tuple[Trouble | None, int]]) -> Iterator[str]:
    """Do with an alert what the service does."""
    alert, now = None, START
    for trouble, seconds in looks:
        now += timedelta(seconds=seconds)
        match next_step(alert, trouble, now, PATIENCE):
            case Step.OPEN if trouble:
                told_at = None if trouble.graces else now
                alert = make_alert(began_at=now, kind=trouble.kind, told_at=told_at)
                if told_at:
                    yield "told"
            case Step.FORGET:
                alert = None
            case Step.RECOVER:
                alert = None
                yield "recovered"
            case Step.TELL if alert and trouble:
                alert = replace(alert, told_at=now, kind=trouble.kind)
                yield "told"
            case Step.WORSEN if alert and trouble:
                alert = make_alert(began_at=now, kind=trouble.kind, told_at=now)
                yield "worse"
            case Step.CALM if alert:
                alert = replace(alert, calm_since=now)
            case Step.RELAPSE if alert:
                alert = replace(alert, calm_since=None)

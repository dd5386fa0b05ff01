"""The course of an alert: what one more look at its bot means for it."""

from datetime import datetime
from enum import StrEnum

from socialcube.domain.alerts.types import AlertKind, AlertView, Patience, Trouble


class Step(StrEnum):
    """What is to be done with the alert of a bot."""

    NOTHING = "nothing"
    OPEN = "open"
    """Note since when the trouble is there. Nobody is told yet."""
    FORGET = "forget"
    """It went before anybody was told, and stayed away: it is no news."""
    TELL = "tell"
    WORSEN = "worsen"
    """End this one without a word and open another: what might have healed by itself now needs people."""
    CALM = "calm"
    """Note since when the trouble is gone."""
    RELAPSE = "relapse"
    """It is back before anybody was told that it was gone."""
    RECOVER = "recover"


def next_step(alert: AlertView | None, trouble: Trouble | None, now: datetime, patience: Patience) -> Step:
    """Tell what a look at a bot means for its open alert.

    Args:
        alert: the open one, None when there is none.
        trouble: what is wrong now, None when nothing is.
        now: when the look was taken.
        patience: how long is waited before people are told of either.
    """
    if alert is None:
        return Step.OPEN if trouble else Step.NOTHING
    if trouble is None:
        return _step_when_well(alert, now, patience)
    if alert.told_at is None:
        waited = now - alert.began_at >= trouble.graces * patience.grace
        if waited:
            return Step.TELL
        return Step.RELAPSE if alert.calm_since else Step.NOTHING
    if trouble.kind.needs_people and not alert.kind.needs_people:
        return Step.WORSEN
    return Step.RELAPSE if alert.calm_since else Step.NOTHING


def _step_when_well(alert: AlertView, now: datetime, patience: Patience) -> Step:
    if alert.calm_since is None:
        return Step.CALM
    calm = now - alert.calm_since
    if alert.told_at is None:
        # One good look is not the end: a bot that comes and goes would never be told of.
        return Step.FORGET if calm >= patience.grace else Step.NOTHING
    is_crash = alert.kind is AlertKind.CRASHING
    needed = max(patience.recovery, patience.crash_recovery) if is_crash else patience.recovery
    return Step.RECOVER if calm >= needed else Step.NOTHING

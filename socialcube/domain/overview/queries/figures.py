"""The figures of the home page and of the lists of bots."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.types import Figures as Counted
from socialcube.domain.logs.types import Grain
from socialcube.domain.overview.policy import floor_of, frame_of
from socialcube.domain.overview.queries.online import LEASE_SECONDS, get_online
from socialcube.domain.overview.types import BotFigures, Figures, Frame, Period, Series


def get_figures(
    session: Session, scope: Scope, period: str, now: datetime, *, lease_seconds: float = LEASE_SECONDS
) -> Figures:
    """Get the four figures with their points, and what they were in the period before.

    Args:
        session: any open session.
        scope: the bots that whoever asks may see the logs of.
        period: one of `Period`.
        now: the end of the period.
        lease_seconds: how long a runner that was not seen still counts as living.
    """
    frame = frame_of(Period(period), now)
    points = _points(frame, logs.list_figures(session, scope, frame.grain, frame.start, now))
    total = sum(points, Counted())
    previous = _previous(session, scope, frame)
    return Figures(
        commands=Series(total.runs, previous.runs, tuple(point.runs for point in points)),
        errors=Series(total.errors, previous.errors, tuple(point.errors for point in points)),
        p95=Series(total.p95_ms, previous.p95_ms, tuple(point.p95_ms for point in points)),
        online=get_online(session, scope, frame, lease_seconds),
        failed=total.failed,
    )


def list_bot_figures(session: Session, scope: Scope, period: str, now: datetime) -> dict[UUID, BotFigures]:
    """Give the figures of every bot in the scope, of those without any use too."""
    frame = frame_of(Period(period), now)
    totals = logs.sum_bot_figures(session, scope, frame.grain, frame.start, now)
    fleet = bots.list_bots(session, scope=scope)
    points = {bot.id: [0.0] * frame.count for bot in fleet}
    for start, runs in logs.list_bot_runs(session, scope, frame.grain, frame.start, now).items():
        point = _point_of(frame, start)
        for bot_id in points.keys() & runs.keys():
            points[bot_id][point] += runs[bot_id]
    return {
        bot.id: _to_bot_figures(totals.get(bot.id, Counted()), points[bot.id], bot.state.last_event_at)
        for bot in fleet
    }


def _to_bot_figures(total: Counted, points: list[float], last_event_at: datetime | None) -> BotFigures:
    return BotFigures(total.runs, total.errors, total.p95_ms, last_event_at, tuple(points))


def _points(frame: Frame, figures: Mapping[datetime, Counted]) -> list[Counted]:
    """Add up the stored stretches within each point of the frame."""
    points = [Counted()] * frame.count
    for start, counted in figures.items():
        points[_point_of(frame, start)] += counted
    return points


def _point_of(frame: Frame, start: datetime) -> int:
    return min((start - frame.start) // frame.step, frame.count - 1)


def _previous(session: Session, scope: Scope, frame: Frame) -> Counted:
    """Add up the period before, up to the same minute of its last hour as it is now in this one.

    Otherwise a whole hour would be compared with one that has just begun.
    """
    start, end = frame.start - frame.length, frame.now - frame.length
    edge = floor_of(frame.grain, end)
    whole = logs.sum_figures(session, scope, frame.grain, start, edge)
    if frame.grain is Grain.MINUTE:
        return whole
    return whole + logs.sum_figures(session, scope, Grain.MINUTE, edge, end)

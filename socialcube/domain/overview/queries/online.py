"""How many bots are connected, now and before."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import policy as bot_policy
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.logs.types import NO_BOT, Grain
from socialcube.domain.overview.models import OnlineHour
from socialcube.domain.overview.policy import HOUR, floor_of
from socialcube.domain.overview.types import Frame, OnlineFigure
from socialcube.domain.placements import queries as placements

LEASE_SECONDS: Final = 20.0
"""The default of BOT_LEASE_SECONDS, for callers without settings at hand."""

_CONNECTED: Final = frozenset({"Online", "Unstable"})
_MINUTE: Final = timedelta(minutes=1)


def get_online(session: Session, scope: Scope, frame: Frame, lease_seconds: float) -> OnlineFigure:
    """Count the connected bots of a scope, now and in each stretch of a period."""
    online, wanted = list_connected(session, scope, frame.now, lease_seconds)
    points = _by_minute if frame.grain is Grain.MINUTE else _by_hour
    return OnlineFigure(len(online), wanted, points(session, scope, frame))


def list_connected(
    session: Session, scope: Scope, now: datetime, lease_seconds: float
) -> tuple[list[UUID], int]:
    """List the connected bots of those that should be, and tell how many should be."""
    wanted = bots.list_bots(session, scope=scope, state=DesiredState.RUNNING)
    living = living_runners(session, lease_seconds)
    online = [
        bot.id for bot in wanted if bot_policy.describe_bot(bot, living=living, now=now).word in _CONNECTED
    ]
    return online, len(wanted)


def living_runners(session: Session, lease_seconds: float) -> set[UUID]:
    """Give the ids of the runners that live."""
    return {runner.id for runner in placements.list_living_runners(session, within=lease_seconds)}


def _by_minute(session: Session, scope: Scope, frame: Frame) -> tuple[float | None, ...]:
    """Count the bots whose bit is set, minute by minute; there are two hours of them at most."""
    statement = select(OnlineHour.starts_at, OnlineHour.minutes).where(
        OnlineHour.starts_at >= floor_of(Grain.HOUR, frame.start), *_of_scope(scope)
    )
    # Bots that are always there have the same bits: each pattern is taken apart once.
    patterns = Counter((row.starts_at, row.minutes) for row in session.execute(statement))
    looked = {hour: minutes for hour, (minutes, _) in _looks(session, frame).items()}

    def count(moment: datetime) -> float | None:
        hour, bit = floor_of(Grain.HOUR, moment), 1 << moment.minute
        if not looked.get(hour, 0) & bit:
            return None
        return float(
            sum(many for (start, minutes), many in patterns.items() if start == hour and minutes & bit)
        )

    return tuple(count(frame.start + number * _MINUTE) for number in range(frame.count))


def _by_hour(session: Session, scope: Scope, frame: Frame) -> tuple[float | None, ...]:
    """Average over the minutes in which anybody looked."""
    statement = (
        select(OnlineHour.starts_at, func.sum(OnlineHour.count))
        .where(OnlineHour.starts_at >= frame.start, *_of_scope(scope))
        .group_by(OnlineHour.starts_at)
    )
    seen = {start: int(total) for start, total in session.execute(statement)}
    looks = {start: count for start, (_, count) in _looks(session, frame).items()}
    hours = frame.step // HOUR

    def average(point: int) -> float | None:
        of_point = [frame.start + point * frame.step + hour * HOUR for hour in range(hours)]
        samples = _sum(looks, of_point)
        return round(_sum(seen, of_point) / samples, 2) if samples else None

    return tuple(average(number) for number in range(frame.count))


def _looks(session: Session, frame: Frame) -> dict[datetime, tuple[int, int]]:
    """Give in which minutes of each hour anybody looked, as bits and their number."""
    statement = select(OnlineHour.starts_at, OnlineHour.minutes, OnlineHour.count).where(
        OnlineHour.starts_at >= floor_of(Grain.HOUR, frame.start), OnlineHour.bot_id == NO_BOT
    )
    return {row.starts_at: (row.minutes, row[2]) for row in session.execute(statement)}


def _of_scope(scope: Scope) -> list[ColumnElement[bool]]:
    of_bots = OnlineHour.bot_id != NO_BOT
    return [of_bots] if scope.is_all else [of_bots, OnlineHour.bot_id.in_(scope.bot_ids)]


def _sum(by_hour: Mapping[datetime, int], hours: list[datetime]) -> int:
    return sum(by_hour.get(hour, 0) for hour in hours)

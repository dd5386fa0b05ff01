"""Writes of measurements for charts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.bots.models import BotSample
from socialcube.domain.bots.types import SAMPLE_MINUTES

_KEPT: Final = timedelta(days=3)


def sample_latency(uow: UnitOfWork, latencies: Iterable[tuple[UUID, float]]) -> None:
    """Add round trips in milliseconds to the present five minutes, all bots in one statement.

    A bot may come several times: each of its shards has a connection of its own.
    """
    measured: defaultdict[UUID, list[float]] = defaultdict(list)
    for bot_id, latency in latencies:
        measured[bot_id].append(latency)
    if not measured:
        return
    at = _start_of_sample(uow.clock.now())
    # In one order, so that two runners never wait for each other's rows in a circle.
    rows = [_to_row(bot_id, at, measured[bot_id]) for bot_id in sorted(measured)]
    insert = insert_for(uow.session)(BotSample)
    new = insert.excluded
    total = BotSample.count + new["count"]
    statement = insert.on_conflict_do_update(
        index_elements=[BotSample.bot_id, BotSample.at],
        set_={
            "worst_ms": case((new.worst_ms > BotSample.worst_ms, new.worst_ms), else_=BotSample.worst_ms),
            "mean_ms": (BotSample.mean_ms * BotSample.count + new.mean_ms * new["count"]) / total,
            "count": total,
        },
    )
    uow.session.connection().execute(statement, rows)


def forget_old_samples(uow: UnitOfWork) -> None:
    """Remove what no chart shows any more."""
    uow.session.connection().execute(delete(BotSample).where(BotSample.at < uow.clock.now() - _KEPT))


def _start_of_sample(moment: datetime) -> datetime:
    minute = moment.minute - moment.minute % SAMPLE_MINUTES
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minute)


def _to_row(bot_id: UUID, at: datetime, latencies: list[float]) -> dict[str, Any]:
    count = len(latencies)
    return {
        "bot_id": bot_id,
        "at": at,
        "worst_ms": max(latencies),
        "mean_ms": sum(latencies) / count,
        "count": count,
    }

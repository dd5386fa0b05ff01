"""Deletes what is older than it is kept."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete

from socialcube.db import partitions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.logs.models import COMMAND_HOURS, FIGURES, TABLES
from socialcube.domain.logs.types import Grain, Stream
from socialcube.kernel.settings import RetentionSettings

MINUTES_KEPT: Final = timedelta(days=9)
"""A week, the minutes of the week before that a comparison begins with, and a day to spare."""

HOURS_KEPT: Final = timedelta(days=400)
"""Longer than a year, so that this month can be compared with the same one."""


def delete_expired(engine: Engine, retention: RetentionSettings, now: datetime) -> dict[Stream, int]:
    """Delete what is older than its stream is kept, in transactions of its own.

    Gives how much went per stream: whole days on PostgreSQL, which drops their partitions, and rows.
    """
    days = {
        Stream.COMMANDS: retention.commands,
        Stream.BOTS: retention.bot_events,
        Stream.REQUESTS: retention.requests,
        Stream.ERRORS: retention.errors,
    }
    return {
        stream: partitions.delete_before(engine, table.name, now - timedelta(days=days[stream]))
        for stream, table in TABLES.items()
    }


def delete_expired_figures(uow: UnitOfWork) -> int:
    """Delete the figures of minutes and hours that nobody compares any more. Gives how many rows went."""
    now = uow.clock.now()
    kept = (
        (FIGURES[Grain.MINUTE], MINUTES_KEPT),
        (FIGURES[Grain.HOUR], HOURS_KEPT),
        (COMMAND_HOURS, HOURS_KEPT),
    )
    connection = uow.session.connection()
    return sum(
        connection.execute(delete(table).where(table.c.starts_at < now - age)).rowcount for table, age in kept
    )

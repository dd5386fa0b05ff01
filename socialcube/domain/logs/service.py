"""Upkeep of the streams. Rows are written by the sink alone."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from socialcube.db import partitions
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.types import Stream
from socialcube.kernel.settings import RetentionSettings


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

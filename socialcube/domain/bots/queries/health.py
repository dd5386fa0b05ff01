"""Reads of how bots fare: part by part, and over time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.bots.models import BotSample, ShardState
from socialcube.domain.bots.types import GatewayState, LatencySample, ProcessState, Reason, ShardView


def list_shards(session: Session, bot_id: UUID) -> list[ShardView]:
    """List what was last seen of each part of a bot. One that runs in one part has none."""
    rows = session.scalars(
        select(ShardState)
        .where(ShardState.bot_id == bot_id)
        .order_by(ShardState.shard)
        .execution_options(populate_existing=True)
    )
    return [_to_view(row) for row in rows]


def list_latency(session: Session, bot_id: UUID, since: datetime) -> list[LatencySample]:
    """List the latency of a bot's gateway in steps of five minutes, oldest first.

    Steps without any measurement are left out: the bot was not connected then.
    """
    rows = session.execute(
        select(BotSample.at, BotSample.worst_ms, BotSample.mean_ms, BotSample.count)
        .where(BotSample.bot_id == bot_id, BotSample.at >= since)
        .order_by(BotSample.at)
    )
    return [LatencySample(*row) for row in rows]


def _to_view(row: ShardState) -> ShardView:
    return ShardView(
        number=row.shard,
        process=ProcessState(row.process),
        gateway=GatewayState(row.gateway),
        reason=Reason(row.reason) if row.reason else None,
        sentence=row.sentence,
        remedy=row.remedy,
        runner_id=row.runner_id,
        latency_ms=row.latency_ms,
        guild_count=row.guild_count,
        connected_at=row.connected_at,
        last_event_at=row.last_event_at,
        last_ack_at=row.last_ack_at,
        last_rest_at=row.last_rest_at,
        updated_at=row.updated_at,
    )

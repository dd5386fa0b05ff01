"""Writes of bots that run in several parts."""

from dataclasses import fields
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.bots.events import BotDesiredStateChanged
from socialcube.domain.bots.models import Bot, BotState, ShardState
from socialcube.domain.bots.types import BotObservation, DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.placements import service as placements
from socialcube.kernel.text import one_line

_MAX_SENTENCE: Final = 2000
_STORED: Final = tuple(
    field.name for field in fields(BotObservation) if field.name not in {"bot_id", "shard", "shard_count"}
)


def set_shard_count(uow: UnitOfWork, bot_id: UUID, generation: int, shard_count: int) -> bool:
    """Let a bot run in another number of parts. All of them start afresh, since the parts differ.

    No version grows for it: nobody's edit of the bot is lost over it.

    Args:
        uow: an open write unit.
        bot_id: the bot.
        generation: the wish that whoever asks fulfils; a newer wish decides for itself.
        shard_count: as the platform recommends.

    Returns:
        Whether it was written, and not by another part before.
    """
    held = select(BotState.bot_id).where(
        BotState.bot_id == Bot.id, BotState.held_generation == Bot.generation
    )
    changed = (
        update(Bot)
        .where(
            Bot.id == bot_id,
            Bot.generation == generation,
            Bot.shard_count != shard_count,
            Bot.desired_state == DesiredState.RUNNING,
            Bot.deleted_at.is_(None),
            ~held.exists(),
        )
        .values(shard_count=shard_count, generation=Bot.generation + 1)
    )
    connection = uow.session.connection()
    if connection.execute(changed).rowcount == 0:
        return False
    connection.execute(delete(ShardState).where(ShardState.bot_id == bot_id))
    placements.carry_wish_over(uow, bot_id, generation, shard_count)
    uow.record(BotDesiredStateChanged(bot_id))
    return True


def store_part(uow: UnitOfWork, seen: BotObservation) -> bool:
    """Store the sight of one part. The bot's state is locked, so that parts are combined one after the other.

    Returns:
        Whether it is believed.
    """
    # The state first: whoever combines waits for whoever wrote a part just now.
    uow.session.execute(select(BotState.bot_id).where(BotState.bot_id == seen.bot_id).with_for_update())
    if uow.session.scalar(select(Bot.shard_count).where(Bot.id == seen.bot_id)) != seen.shard_count:
        return False
    values = {name: getattr(seen, name) for name in _STORED} | {
        "sentence": one_line(seen.sentence, _MAX_SENTENCE),
        "remedy": one_line(seen.remedy, _MAX_SENTENCE),
        "updated_at": uow.clock.now(),
    }
    insert = insert_for(uow.session)(ShardState).values(bot_id=seen.bot_id, shard=seen.shard, **values)
    statement = insert.on_conflict_do_update(
        index_elements=[ShardState.bot_id, ShardState.shard],
        set_=values,
        where=ShardState.epoch <= seen.epoch,
    )
    return uow.session.scalar(statement.returning(ShardState.shard)) is not None


def list_parts(session: Session, bot_id: UUID) -> list[BotObservation]:
    """List the last sight of each part of a bot that was seen."""
    statement = select(ShardState, Bot.shard_count).join(Bot, Bot.id == ShardState.bot_id)
    rows = session.execute(
        statement.where(ShardState.bot_id == bot_id)
        .order_by(ShardState.shard)
        .execution_options(populate_existing=True)
    )
    return [_to_observation(row, shard_count) for row, shard_count in rows]


def _to_observation(row: ShardState, shard_count: int) -> BotObservation:
    values = {name: getattr(row, name) for name in _STORED} | {
        "process": ProcessState(row.process),
        "gateway": GatewayState(row.gateway),
        "reason": Reason(row.reason) if row.reason else None,
    }
    return BotObservation(bot_id=row.bot_id, shard=row.shard, shard_count=shard_count, **values)

"""Writes of bots that run in several parts."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Final
from uuid import UUID

from sqlalchemy import delete, literal, select, true, update
from sqlalchemy.orm import Session

from socialcube.db.json_rows import unpack_rows
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.bots.events import BotDesiredStateChanged
from socialcube.domain.bots.models import Bot, BotState, ShardState
from socialcube.domain.bots.types import BotObservation, DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.placements import service as placements
from socialcube.kernel.text import one_line

_MAX_SENTENCE: Final = 2000
_TABLE: Final = ShardState.metadata.tables[ShardState.__tablename__]
_SENT: Final = [each for each in _TABLE.c if each is not _TABLE.c.updated_at]
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


def store_parts(uow: UnitOfWork, sights: Iterable[BotObservation]) -> set[UUID]:
    """Store the sights of parts of any bots, in three statements for all of them.

    Their states are locked, so that the parts of a bot are combined one after the other.

    Returns:
        The bots of which any sight is believed.
    """
    # The state first: whoever combines waits for whoever wrote a part just now.
    bot_ids = sorted({seen.bot_id for seen in sights})
    states = select(BotState.bot_id).where(BotState.bot_id.in_(bot_ids)).order_by(BotState.bot_id)
    uow.session.execute(states.with_for_update())
    counted = uow.session.execute(select(Bot.id, Bot.shard_count).where(Bot.id.in_(bot_ids)))
    counts = {bot.id: bot.shard_count for bot in counted}
    rows = {
        (seen.bot_id, seen.shard): _to_row(seen)
        for seen in sights
        if counts.get(seen.bot_id) == seen.shard_count
    }
    if not rows:
        return set()
    new = unpack_rows(uow.session, [rows[part] for part in sorted(rows)], _SENT)
    found = select(*new.c, literal(uow.clock.now())).where(true())
    insert = insert_for(uow.session)(_TABLE).from_select([*_SENT, _TABLE.c.updated_at], found)
    statement = insert.on_conflict_do_update(
        index_elements=[_TABLE.c.bot_id, _TABLE.c.shard],
        set_={each.name: insert.excluded[each.name] for each in (*_SENT, _TABLE.c.updated_at)},
        where=_TABLE.c.epoch <= insert.excluded.epoch,
    )
    return set(uow.session.scalars(statement.returning(_TABLE.c.bot_id)))


def list_parts(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, list[BotObservation]]:
    """List the last sight of each part that was seen of these bots."""
    statement = select(ShardState, Bot.shard_count).join(Bot, Bot.id == ShardState.bot_id)
    rows = session.execute(
        statement.where(ShardState.bot_id.in_(bot_ids))
        .order_by(ShardState.shard)
        .execution_options(populate_existing=True)
    )
    parts: dict[UUID, list[BotObservation]] = {bot_id: [] for bot_id in bot_ids}
    for row, shard_count in rows:
        parts[row.bot_id].append(_to_observation(row, shard_count))
    return parts


def _to_row(seen: BotObservation) -> dict[str, object]:
    words = {"sentence": seen.sentence, "remedy": seen.remedy}
    return {
        "bot_id": seen.bot_id,
        "shard": seen.shard,
        **{name: getattr(seen, name) for name in _STORED},
        **{name: one_line(text, _MAX_SENTENCE) for name, text in words.items()},
    }


def _to_observation(row: ShardState, shard_count: int) -> BotObservation:
    values = {name: getattr(row, name) for name in _STORED} | {
        "process": ProcessState(row.process),
        "gateway": GatewayState(row.gateway),
        "reason": Reason(row.reason) if row.reason else None,
    }
    return BotObservation(bot_id=row.bot_id, shard=row.shard, shard_count=shard_count, **values)

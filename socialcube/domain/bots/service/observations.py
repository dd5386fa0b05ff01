"""What runners see of bots. Every write carries the epoch of the lease it was seen under."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, select, true, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots.events import BotObserved
from socialcube.domain.bots.models import Bot, BotState, ShardState
from socialcube.domain.bots.policy import combine
from socialcube.domain.bots.service.shards import list_parts, store_part
from socialcube.domain.bots.types import (
    BotObservation,
    CommandsObservation,
    GatewayState,
    ProcessState,
    Reason,
)
from socialcube.kernel.text import one_line

_MAX_SENTENCE: Final = 2000
# What a page shows, first of all the latency, which never stays quite the same.
_SHOWN: Final = (
    BotState.latency_ms,
    BotState.process,
    BotState.gateway,
    BotState.reason,
    BotState.sentence,
    BotState.remedy,
    BotState.held_generation,
    BotState.runner_id,
    BotState.guild_count,
    BotState.starts_left,
    BotState.commands_problem,
    BotState.commands_digest,
)


def observe(uow: UnitOfWork, seen: BotObservation) -> bool:
    """Write what a runner sees. A runner that lost its lease is not believed any more.

    While a bot is held its words stay: the farewell of a connection must not wipe out why it was stopped.

    Returns:
        Whether it was written; False means that a newer epoch owns the shard, that the bot runs in another
        number of parts by now, or that there is no bot.
    """
    if seen.shard_count == 1:
        return _write_sight(uow, seen, BotState.epoch <= seen.epoch)
    if not store_part(uow, seen):
        return False
    return _write_sight(uow, combine(list_parts(uow.session, seen.bot_id)), true())


def _write_sight(uow: UnitOfWork, seen: BotObservation, is_believed: ColumnElement[bool]) -> bool:
    generation = select(Bot.generation).where(Bot.id == BotState.bot_id).scalar_subquery()
    is_held = BotState.held_generation == generation
    words = {
        BotState.process: seen.process,
        BotState.reason: seen.reason,
        BotState.sentence: _sentence(seen.sentence),
        BotState.remedy: _sentence(seen.remedy),
    }
    return _write_state(
        uow,
        seen.bot_id,
        is_believed,
        {
            **{column.key: case((is_held, column), else_=value) for column, value in words.items()},
            "epoch": seen.epoch or BotState.epoch,
            "gateway": seen.gateway,
            "runner_id": seen.runner_id,
            "latency_ms": seen.latency_ms,
            "guild_count": seen.guild_count,
            "starts_left": seen.starts_left,
            "connected_at": seen.connected_at,
            "last_event_at": seen.last_event_at,
            "last_ack_at": seen.last_ack_at,
            "last_rest_at": seen.last_rest_at,
        },
    )


def observe_commands(uow: UnitOfWork, seen: CommandsObservation) -> bool:
    """Write how the synchronisation of a bot's commands went. Gives what `observe` gives."""
    return _write_state(
        uow,
        seen.bot_id,
        BotState.epoch <= seen.epoch,
        {
            "epoch": seen.epoch,
            "commands_digest": seen.digest,
            "commands_synced_at": seen.synced_at,
            "commands_problem": _sentence(seen.problem),
        },
    )


def hold(  # noqa: PLR0913 - why and what to do are separate texts for people
    uow: UnitOfWork,
    bot_id: UUID,
    generation: int,
    *,
    reason: Reason,
    sentence: str = "",
    remedy: str = "",
    epoch: int,
    shard: int = 0,
) -> bool:
    """Note that a runner stopped a bot on purpose, until somebody wishes anew. It concerns all its shards.

    `generation` is the wish that the runner gave up on: a newer one is not held. `sentence` and
    `remedy` win over the general words for the reason. Gives what `observe` gives.
    """
    return _write_state(
        uow,
        bot_id,
        _believes(bot_id, shard, epoch),
        {
            "epoch": BotState.epoch if shard else epoch,
            "process": ProcessState.HELD,
            "gateway": GatewayState.DISCONNECTED,
            "reason": reason,
            "sentence": _sentence(sentence),
            "remedy": _sentence(remedy),
            "held_generation": generation,
            "latency_ms": None,
            "connected_at": None,
        },
    )


def _sentence(text: str) -> str:
    """Clean a sentence, which may quote the platform. PostgreSQL takes not every character."""
    return one_line(text, _MAX_SENTENCE)


def _believes(bot_id: UUID, shard: int, epoch: int) -> ColumnElement[bool]:
    if shard == 0:
        return BotState.epoch <= epoch
    newer = select(ShardState.bot_id).where(
        ShardState.bot_id == bot_id, ShardState.shard == shard, ShardState.epoch > epoch
    )
    return ~newer.exists()


def _write_state(
    uow: UnitOfWork, bot_id: UUID, is_believed: ColumnElement[bool], values: dict[str, object]
) -> bool:
    """Write what is still believed, and tell others if a page would look different with it."""
    connection = uow.session.connection()
    before = connection.execute(select(*_SHOWN).where(BotState.bot_id == bot_id)).one_or_none()
    statement = (
        update(BotState)
        .where(BotState.bot_id == bot_id, is_believed)
        .values(updated_at=uow.clock.now(), **values)
        .returning(*_SHOWN)
    )
    after = connection.execute(statement).one_or_none()
    if after is None:
        return False
    if before is None or _look_of(before) != _look_of(after):
        uow.record(BotObserved(bot_id))
    return True


def _look_of(shown: Sequence[Any]) -> tuple[object, ...]:
    """Give what a page shows, with a latency that counts as new only when it doubles or halves."""
    latency, *others = shown
    return (None if latency is None else int(latency).bit_length(), *others)

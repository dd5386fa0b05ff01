"""What runners see of bots. Every write carries the epoch of the lease it was seen under."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, case, select, true, update

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
        return _write_sight(uow, seen, _SIGHT_OF_OWNER)
    if not store_part(uow, seen):
        return False
    return _write_sight(uow, combine(list_parts(uow.session, seen.bot_id)), _SIGHT_OF_PARTS)


def _write_sight(uow: UnitOfWork, seen: BotObservation, statement: Executable) -> bool:
    return _write(
        uow,
        seen.bot_id,
        statement,
        {
            "seen_epoch": seen.epoch,
            "seen_at": uow.clock.now(),
            "seen_sentence": _sentence(seen.sentence),
            "seen_remedy": _sentence(seen.remedy),
            **{f"seen_{name}": getattr(seen, name) for name in _SEEN},
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
    """Write what is still believed."""
    statement = (
        update(BotState)
        .where(BotState.bot_id == bindparam("seen_bot_id"), is_believed)
        .values(updated_at=uow.clock.now(), **values)
        .returning(*_SHOWN)
    )
    return _write(uow, bot_id, statement, {})


def _write(uow: UnitOfWork, bot_id: UUID, statement: Executable, values: Mapping[str, object]) -> bool:
    """Write, and tell others if a page would look different with it."""
    connection = uow.session.connection()
    before = connection.execute(_LOOK, {"seen_bot_id": bot_id}).one_or_none()
    after = connection.execute(statement, {"seen_bot_id": bot_id, **values}).one_or_none()
    if after is None:
        return False
    if before is None or _look_of(before) != _look_of(after):
        uow.record(BotObserved(bot_id))
    return True


def _look_of(shown: Sequence[Any]) -> tuple[object, ...]:
    """Give what a page shows, with a latency that counts as new only when it doubles or halves."""
    latency, *others = shown
    return (None if latency is None else int(latency).bit_length(), *others)


def _sight(is_believed: ColumnElement[bool]) -> Executable:
    """Make the statement that writes an observation.

    Made once: a runner with a thousand bots writes thousands of them when it starts, and building and
    recognising a statement of this size costs more than the database does.
    """
    generation = select(Bot.generation).where(Bot.id == BotState.bot_id).scalar_subquery()
    is_held = BotState.held_generation == generation
    words = (BotState.process, BotState.reason, BotState.sentence, BotState.remedy)
    plain = {name: _seen(name) for name in _SEEN if name not in {"process", "reason"}}
    return (
        update(BotState)
        .where(BotState.bot_id == bindparam("seen_bot_id"), is_believed)
        .values(
            # Without an epoch nothing is known of the owner of the first shard, so the last one stands.
            epoch=case((_seen("epoch") > 0, _seen("epoch")), else_=BotState.epoch),
            updated_at=bindparam("seen_at", type_=BotState.updated_at.type),
            **{column.key: case((is_held, column), else_=_seen(column.key)) for column in words},
            **plain,
        )
        .returning(*_SHOWN)
    )


def _seen(name: str) -> BindParameter[Any]:
    return bindparam(f"seen_{name}", type_=getattr(BotState, name).type)


_SEEN: Final = (
    "process",
    "reason",
    "gateway",
    "runner_id",
    "latency_ms",
    "guild_count",
    "starts_left",
    "connected_at",
    "last_event_at",
    "last_ack_at",
    "last_rest_at",
)
_LOOK: Final = select(*_SHOWN).where(BotState.bot_id == bindparam("seen_bot_id"))
_SIGHT_OF_OWNER: Final = _sight(BotState.epoch <= _seen("epoch"))
_SIGHT_OF_PARTS: Final = _sight(true())

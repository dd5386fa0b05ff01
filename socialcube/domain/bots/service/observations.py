"""What runners see of bots. Every write carries the epoch of the lease it was seen under."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, and_, bindparam, case, false, or_, select, true, update

from socialcube.db.json_rows import unpack_rows
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots.events import BotHeld, BotObserved
from socialcube.domain.bots.models import Bot, BotState, ShardState
from socialcube.domain.bots.policy import combine
from socialcube.domain.bots.service.shards import list_parts, store_parts
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
    return seen.bot_id in observe_all(uow, [seen])


def observe_all(uow: UnitOfWork, observations: Iterable[BotObservation]) -> set[UUID]:
    """Write what a runner sees of many bots, in a few statements for all of them.

    Of several sights of one part the last counts. Each is believed as `observe` says.

    Returns:
        The bots of which something was written.
    """
    whole: dict[UUID, BotObservation] = {}
    parts: dict[tuple[UUID, int], BotObservation] = {}
    for seen in observations:
        if seen.shard_count == 1:
            whole[seen.bot_id] = seen
        else:
            parts[seen.bot_id, seen.shard] = seen
    written = _write_sights(uow, whole.values())
    divided = store_parts(uow, parts.values()) if parts else set()
    combined = [combine(found) for found in list_parts(uow.session, divided).values()] if divided else []
    return written | _write_sights(uow, combined, is_combined=True)


def _write_sights(
    uow: UnitOfWork, sights: Collection[BotObservation], *, is_combined: bool = False
) -> set[UUID]:
    """Write the sights of several bots, and tell which of them were believed.

    What all parts of a bot combine to is: each of them was believed before.
    """
    if not sights:
        return set()
    rows = [_to_values(seen) | {"bot_id": seen.bot_id, "epoch": seen.epoch} for seen in sights]
    new = unpack_rows(uow.session, rows, _SENT)
    # Locked in one order, so that two runners never wait for each other's rows in a circle.
    look = (
        select(BotState.bot_id, *_SHOWN)
        .where(BotState.bot_id.in_(select(new.c.bot_id)))
        .order_by(BotState.bot_id)
        .with_for_update()
    )
    statement = (
        update(BotState)
        .where(
            BotState.bot_id == new.c.bot_id,
            or_(true() if is_combined else false(), BotState.epoch <= new.c.epoch),
        )
        .values(updated_at=uow.clock.now(), **_sight_values(lambda name: new.c[name]))
        .returning(BotState.bot_id, *_SHOWN)
    )
    connection = uow.session.connection()
    before = {bot_id: _look_of(shown) for bot_id, *shown in connection.execute(look)}
    after = {bot_id: _look_of(shown) for bot_id, *shown in connection.execute(statement)}
    for bot_id in sorted(after):
        if before.get(bot_id) != after[bot_id]:
            uow.record(BotObserved(bot_id))
    return set(after)


def _to_values(seen: BotObservation) -> dict[str, object]:
    words = {"sentence": _sentence(seen.sentence), "remedy": _sentence(seen.remedy)}
    return words | {name: getattr(seen, name) for name in _SEEN}


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

    `generation` is the wish that the runner gave up on: a newer one is not held, and a hold of a newer one
    stays. `sentence` and `remedy` win over the general words for the reason. Gives what `observe` gives.
    """
    is_no_older = or_(BotState.held_generation.is_(None), BotState.held_generation <= generation)
    is_held = _write_state(
        uow,
        bot_id,
        and_(_believes(bot_id, shard, epoch), is_no_older),
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
    if is_held:
        # Its other parts, and a bot that was stopped for its refused calls, must not wait for a timer.
        uow.record(BotHeld(bot_id))
    return is_held


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


def _sight_values(seen: Callable[[str], ColumnElement[Any]]) -> dict[str, ColumnElement[Any]]:
    """Say what a sight writes; `seen` gives each of its values as an expression."""
    generation = select(Bot.generation).where(Bot.id == BotState.bot_id).scalar_subquery()
    is_held = BotState.held_generation == generation
    words = (BotState.process, BotState.reason, BotState.sentence, BotState.remedy)
    plain = {name: seen(name) for name in _SEEN if name not in {"process", "reason"}}
    return {
        # Without an epoch nothing is known of the owner of the first shard, so the last one stands.
        "epoch": case((seen("epoch") > 0, seen("epoch")), else_=BotState.epoch),
        **{column.key: case((is_held, column), else_=seen(column.key)) for column in words},
        **plain,
    }


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
_SENT: Final = [BotState.__table__.c[name] for name in ("bot_id", "epoch", "sentence", "remedy", *_SEEN)]
_LOOK: Final = select(*_SHOWN).where(BotState.bot_id == bindparam("seen_bot_id"))

"""Writes of session starts: how many a bot may spend, and when the next one may be."""

from datetime import timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Insert, Uuid, and_, bindparam, delete, select, update

from socialcube.db.types import now_plus, start_of_hour
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for, upsert
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from socialcube.domain.placements.models import Placement, Runner, SessionStart, StartSlot
from socialcube.domain.placements.policy import starts_kept
from socialcube.domain.placements.queries import count_starts
from socialcube.domain.placements.types import Lease, StartTerms

_DAY_SECONDS: Final = 24 * 3600.0
_CLOCK_STEP_SECONDS: Final = 60.0
"""A clock that is only corrected a little keeps the queue: starts too close together cost a session."""


def take_start_slot(uow: UnitOfWork, key: str, spacing_seconds: float, *, count: int = 1) -> float:
    """Take the next moment at which a session may be started, over all runners, or several in a row.

    Args:
        uow: an open write unit.
        key: what the moments belong to: a bot's bucket, or the whole fleet.
        spacing_seconds: how far apart two of them are.
        count: how many to take.

    Returns:
        Seconds to wait for the first.
    """
    connection = uow.session.connection()
    connection.execute(_first_turn(insert_for(uow.session)), {"slot": key})
    next_at, taken_at, now = connection.execute(_NEXT_TURN, {"slot": key}).one()
    was_set_back = taken_at is not None and (taken_at - now).total_seconds() > _CLOCK_STEP_SECONDS
    # By a clock that was set back since, nobody knows how long the queue is; it may be hours of shards.
    wait = 0.0 if was_set_back else max(0.0, (next_at - now).total_seconds())
    later = now + timedelta(seconds=wait + count * spacing_seconds)
    connection.execute(_TAKE_TURN, {"slot": key, "later": later, "now": now})
    return wait


def count_start(uow: UnitOfWork, lease: Lease, terms: StartTerms) -> int:
    """Count one session start of a bot before it is made, over all its shards and any runner's end.

    Returns:
        Those of the last 24 hours, this one among them; up to an hour more, which is the safe side.

    Raises:
        LeaseLostError: another runner took the shard, or may take it by now.
        StartsUsedUpError: by our count or the platform's, too few are left for such a start.
    """
    is_wished = _note_wish(uow, lease, terms.generation)
    used = _count(uow, lease, terms.total)
    kept = starts_kept(terms.total, is_wished=is_wished)
    if terms.remaining <= kept or used > terms.total - kept:
        raise StartsUsedUpError(used=max(used - 1, terms.total - terms.remaining), limit=terms.total)
    return used


def carry_wish_over(uow: UnitOfWork, bot_id: UUID, generation: int, shard_count: int) -> None:
    """Let a bot that is divided anew start as for the wish before: nobody wished for it.

    Otherwise a recommendation that changes back and forth would use up the starts that are kept for people.

    Args:
        uow: an open write unit.
        bot_id: the bot.
        generation: the wish before, which the next one follows.
        shard_count: into how many parts it is divided.
    """
    has_started = select(Placement.bot_id).where(
        Placement.bot_id == bot_id, Placement.started_generation >= generation
    )
    if uow.session.scalar(has_started.limit(1)) is None:
        return
    rows = [
        {"bot_id": bot_id, "shard": number, "epoch": 0, "started_generation": generation + 1}
        for number in range(shard_count)
    ]
    key = (Placement.bot_id, Placement.shard)
    upsert(uow.session, Placement, rows, key=key, update=(Placement.started_generation,))


def forget_old_starts(uow: UnitOfWork) -> None:
    """Remove counts and slots that limit nothing any more."""
    for statement in (
        delete(SessionStart).where(SessionStart.hour < now_plus(-2 * _DAY_SECONDS)),
        delete(StartSlot).where(StartSlot.next_at < now_plus(-_DAY_SECONDS)),
    ):
        uow.session.execute(statement.execution_options(synchronize_session=False))


def _count(uow: UnitOfWork, lease: Lease, total: int) -> int:
    counted = {"bot": lease.bot_id, "allowed": total}
    uow.session.connection().execute(_one_more(insert_for(uow.session)), counted)
    return count_starts(uow.session, lease.bot_id)


def _note_wish(uow: UnitOfWork, lease: Lease, generation: int) -> bool:
    """Note for which wish a shard starts. Gives whether it never started for this one before."""
    connection = uow.session.connection()
    own = {"bot": lease.bot_id, "number": lease.shard, "lease": lease.epoch}
    started = connection.scalar(_STARTED, own)
    if started is None:
        raise LeaseLostError
    if started >= generation:
        return False
    connection.execute(_NOTE_WISH, own | {"wish": generation})
    return True


@cache
def _first_turn(insert: Any) -> Insert:
    made = insert(_SLOTS).values(key=bindparam("slot"), next_at=now_plus(0))
    first: Insert = made.on_conflict_do_nothing(index_elements=[_SLOTS.c.key])
    return first


@cache
def _one_more(insert: Any) -> Insert:
    made = insert(_STARTS).values(
        bot_id=bindparam("bot"), hour=start_of_hour(now_plus(0)), used=1, total=bindparam("allowed")
    )
    more: Insert = made.on_conflict_do_update(
        index_elements=[_STARTS.c.bot_id, _STARTS.c.hour],
        set_={"used": _STARTS.c.used + 1, "total": made.excluded.total},
    )
    return more


# Made once: a fleet that starts runs them for each of its bots, and making them takes longer than they do.
_SLOTS: Final = StartSlot.metadata.tables[StartSlot.__tablename__]
_STARTS: Final = StartSlot.metadata.tables[SessionStart.__tablename__]
_PLACES: Final = StartSlot.metadata.tables[Placement.__tablename__]
_IS_SLOT: Final = _SLOTS.c.key == bindparam("slot")
_NEXT_TURN: Final = select(_SLOTS.c.next_at, _SLOTS.c.taken_at, now_plus(0)).where(_IS_SLOT).with_for_update()
_TAKE_TURN: Final = (
    update(_SLOTS).where(_IS_SLOT).values(next_at=bindparam("later"), taken_at=bindparam("now"))
)
_IS_OWNED: Final = and_(
    # The column takes its type from the table of bots, which need not be known yet.
    _PLACES.c.bot_id == bindparam("bot", type_=Uuid()),
    _PLACES.c.shard == bindparam("number"),
    # Each claim has an epoch of its own, so whoever has this one is the lease's runner.
    _PLACES.c.epoch == bindparam("lease"),
    _PLACES.c.runner_id.in_(select(Runner.id)),
)
_STARTED: Final = select(_PLACES.c.started_generation).where(_IS_OWNED).with_for_update(of=_PLACES)
_NOTE_WISH: Final = update(_PLACES).where(_IS_OWNED).values(started_generation=bindparam("wish"))

"""Writes of session starts: how many a bot may spend, and when the next one may be."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, select, update

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
    first = insert_for(uow.session)(StartSlot).values(key=key, next_at=now_plus(0))
    uow.session.execute(first.on_conflict_do_nothing(index_elements=[StartSlot.key]))
    next_at, taken_at, now = uow.session.execute(
        select(StartSlot.next_at, StartSlot.taken_at, now_plus(0))
        .where(StartSlot.key == key)
        .with_for_update()
    ).one()
    was_set_back = taken_at is not None and (taken_at - now).total_seconds() > _CLOCK_STEP_SECONDS
    # By a clock that was set back since, nobody knows how long the queue is; it may be hours of shards.
    wait = 0.0 if was_set_back else max(0.0, (next_at - now).total_seconds())
    uow.session.execute(
        update(StartSlot)
        .where(StartSlot.key == key)
        .values(next_at=now + timedelta(seconds=wait + count * spacing_seconds), taken_at=now)
        .execution_options(synchronize_session=False)
    )
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
    insert = insert_for(uow.session)(SessionStart).values(
        bot_id=lease.bot_id, hour=start_of_hour(now_plus(0)), used=1, total=total
    )
    uow.session.execute(
        insert.on_conflict_do_update(
            index_elements=[SessionStart.bot_id, SessionStart.hour],
            set_={"used": SessionStart.used + 1, "total": total},
        )
    )
    return count_starts(uow.session, lease.bot_id)


def _note_wish(uow: UnitOfWork, lease: Lease, generation: int) -> bool:
    """Note for which wish a shard starts. Gives whether it never started for this one before."""
    is_owned = and_(
        Placement.bot_id == lease.bot_id,
        Placement.shard == lease.shard,
        # Each claim has an epoch of its own, so whoever has this one is the lease's runner.
        Placement.epoch == lease.epoch,
        Placement.runner_id.in_(select(Runner.id)),
    )
    started = uow.session.scalar(select(Placement.started_generation).where(is_owned).with_for_update())
    if started is None:
        raise LeaseLostError
    if started >= generation:
        return False
    uow.session.execute(
        update(Placement)
        .where(is_owned)
        .values(started_generation=generation)
        .execution_options(synchronize_session=False)
    )
    return True

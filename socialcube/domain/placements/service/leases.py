"""Writes of ownership. Every moment here is the database's, so that runners' clocks do not matter."""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, not_, or_, select, tuple_, update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from socialcube.domain.placements.models import IdentifyBudget, Placement, Runner
from socialcube.domain.placements.types import SESSION_STARTS_PER_DAY, ClaimTerms, Lease
from socialcube.kernel.ids import new_id

_DAY_SECONDS: Final = 24 * 3600.0


def register_runner(uow: UnitOfWork, *, host: str, pid: int, lock_path: str) -> UUID:
    """Enter a runner that just started and already holds its lock file. Gives its key."""
    runner_id = new_id()
    uow.session.execute(
        insert(Runner).values(
            id=runner_id, host=host, pid=pid, lock_path=lock_path, started_at=now_plus(0), seen_at=now_plus(0)
        )
    )
    return runner_id


def claim_bots(uow: UnitOfWork, runner_id: UUID, wanted: Collection[UUID], terms: ClaimTerms) -> list[Lease]:
    """Take free ones of the wanted bots, each with a new epoch."""
    if terms.at_most <= 0 or not wanted:
        return []
    ids = sorted(wanted)
    upsert(
        uow.session,
        Placement,
        [{"bot_id": bot_id, "shard": 0, "epoch": 0} for bot_id in ids],
        key=(Placement.bot_id, Placement.shard),
    )
    # Rows another runner is just taking are skipped, not waited for: they would not be free any more.
    takeable = uow.session.scalars(
        select(Placement.bot_id)
        .where(Placement.bot_id.in_(ids), Placement.shard == 0, _is_free(terms))
        .order_by(Placement.bot_id)
        .limit(terms.at_most)
        .with_for_update(skip_locked=True)
    ).all()
    rows = uow.session.execute(
        update(Placement)
        .where(Placement.bot_id.in_(takeable), Placement.shard == 0)
        .values(runner_id=runner_id, epoch=Placement.epoch + 1, expires_at=now_plus(terms.lease_seconds))
        .returning(Placement.bot_id, Placement.shard, Placement.epoch)
        .execution_options(synchronize_session=False)
    )
    return [Lease(*row) for row in rows]


def renew(uow: UnitOfWork, runner_id: UUID, vouched: Collection[Lease], lease_seconds: float) -> set[Lease]:
    """Extend what a runner still vouches for, free its other bots, and note that it lives.

    A lease that ran out is extended too: only a claim gives a bot to somebody else, with a new epoch.
    While the database took no writes every lease ran out, and no bot had to stop for that.

    Args:
        uow: an open write unit.
        runner_id: who renews.
        vouched: the leases under which its bots run now. What else is its own was let go unnoticed, as
            by an answer or a release that got lost.
        lease_seconds: how long they are its own from now on, by the database's clock.

    Returns:
        Those that are still its own.

    Raises:
        LeaseLostError: the runner itself was declared dead, so it must start anew.
    """
    seen = uow.session.execute(
        update(Runner)
        .where(Runner.id == runner_id)
        .values(seen_at=now_plus(0))
        .returning(Runner.id)
        .execution_options(synchronize_session=False)
    )
    if seen.one_or_none() is None:
        raise LeaseLostError
    is_vouched = tuple_(Placement.bot_id, Placement.shard, Placement.epoch).in_(
        [(lease.bot_id, lease.shard, lease.epoch) for lease in vouched]
    )
    rows = uow.session.execute(
        update(Placement)
        .where(Placement.runner_id == runner_id, is_vouched)
        .values(expires_at=now_plus(lease_seconds))
        .returning(Placement.bot_id, Placement.shard, Placement.epoch)
        .execution_options(synchronize_session=False)
    )
    renewed = {Lease(*row) for row in rows}
    uow.session.execute(
        update(Placement)
        .where(Placement.runner_id == runner_id, not_(is_vouched))
        .values(runner_id=None, expires_at=None)
        .execution_options(synchronize_session=False)
    )
    return renewed


def confirm_lease(uow: UnitOfWork, runner_id: UUID, lease: Lease) -> None:
    """Make sure, inside a write for a bot, that the writer still owns it until the commit.

    Raises:
        LeaseLostError: another runner took the bot.
    """
    owned = uow.session.scalar(
        select(Placement.bot_id)
        .where(_is(lease), Placement.runner_id == runner_id, Placement.epoch == lease.epoch)
        .with_for_update(read=True)
    )
    if owned is None:
        raise LeaseLostError


def release(uow: UnitOfWork, runner_id: UUID, leases: Iterable[Lease]) -> None:
    """Give bots back, so that another runner may take them at once."""
    for lease in leases:
        uow.session.execute(
            update(Placement)
            .where(_is(lease), Placement.runner_id == runner_id, Placement.epoch == lease.epoch)
            .values(runner_id=None, expires_at=None)
            .execution_options(synchronize_session=False)
        )


def retire_runner(uow: UnitOfWork, runner_id: UUID) -> list[UUID]:
    """Forget a runner that has ended or died, and free all its bots. Gives the freed bots."""
    freed = uow.session.scalars(
        update(Placement)
        .where(Placement.runner_id == runner_id)
        .values(runner_id=None, expires_at=None)
        .returning(Placement.bot_id)
        .execution_options(synchronize_session=False)
    ).all()
    uow.session.execute(delete(Runner).where(Runner.id == runner_id))
    return list(freed)


def forget_lost_runners(uow: UnitOfWork, runner_id: UUID, *, after_seconds: float) -> None:
    """Remove all runners but this one that have been silent for long. Their leases ran out by then."""
    uow.session.execute(
        delete(Runner).where(Runner.id != runner_id, Runner.seen_at < now_plus(-after_seconds))
    )


def count_identify(uow: UnitOfWork, bot_id: UUID, *, limit: int = SESSION_STARTS_PER_DAY) -> int:
    """Count one session start before it is made, over restarts of any runner. Gives those used today.

    Raises:
        StartsUsedUpError: the bot has had its `limit` in the 24 hours that began with the first.
    """
    upsert(
        uow.session,
        IdentifyBudget,
        [{"bot_id": bot_id, "window_started_at": now_plus(0), "used": 0}],
        key=(IdentifyBudget.bot_id,),
    )
    budget = update(IdentifyBudget).where(IdentifyBudget.bot_id == bot_id)
    budget = budget.execution_options(synchronize_session=False)
    uow.session.execute(
        budget.where(IdentifyBudget.window_started_at <= now_plus(-_DAY_SECONDS)).values(
            window_started_at=now_plus(0), used=0
        )
    )
    used: int | None = uow.session.scalar(
        budget.where(IdentifyBudget.used < limit)
        .values(used=IdentifyBudget.used + 1)
        .returning(IdentifyBudget.used)
    )
    if used is None:
        raise StartsUsedUpError(used=limit, limit=limit)
    return used


def _is(lease: Lease) -> ColumnElement[bool]:
    return and_(Placement.bot_id == lease.bot_id, Placement.shard == lease.shard)


def _is_free(terms: ClaimTerms) -> ColumnElement[bool]:
    given_back = Placement.runner_id.is_(None)
    return or_(given_back, Placement.expires_at < now_plus(0)) if terms.take_expired else given_back

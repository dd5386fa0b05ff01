"""Writes of ownership. No clock decides: a lease lasts until it is given back or its runner is retired."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.events import ShardsFreed
from socialcube.domain.placements.models import Placement, Runner
from socialcube.domain.placements.queries import list_leases
from socialcube.domain.placements.types import Lease, Shard
from socialcube.kernel.ids import new_id

_STEP: Final = 500
"""Rows that one statement names at most, so that none grows with the fleet."""


def register_runner(  # noqa: PLR0913 - every fact of the runner has its own name
    uow: UnitOfWork, *, host: str, pid: int, lock_path: str, address: str = "", max_bots: int = 500
) -> UUID:
    """Enter a runner that just started and already holds its lock file. Gives its key."""
    runner_id = new_id()
    uow.session.execute(
        insert(Runner).values(
            id=runner_id,
            host=host,
            pid=pid,
            lock_path=lock_path,
            address=address or host,
            max_bots=max_bots,
            started_at=now_plus(0),
            seen_at=now_plus(0),
        )
    )
    return runner_id


def claim_shards(
    uow: UnitOfWork, runner_id: UUID, wanted: Mapping[Shard, int], *, at_most: int
) -> list[Lease]:
    """Take free ones of the wanted shards, each with a new epoch.

    A shard is not free while any part of its bot still runs under another shard count: the parts of two
    counts overlap, and somebody would be answered twice.

    Args:
        uow: an open write unit.
        runner_id: who claims. This counts as a sign of life.
        wanted: with how many shards the bot of each shall run.
        at_most: how many to take.

    Raises:
        LeaseLostError: the runner was declared dead, so it may own nothing.
    """
    if at_most <= 0 or not wanted:
        return []
    _say_that_it_lives(uow, runner_id)
    claimed: list[Lease] = []
    shards = sorted(wanted)
    for start in range(0, len(shards), _STEP):
        step = shards[start : start + _STEP]
        claimed += _claim(uow, runner_id, {shard: wanted[shard] for shard in step}, at_most - len(claimed))
        if len(claimed) >= at_most:
            break
    return claimed


def renew(uow: UnitOfWork, runner_id: UUID, vouched: Collection[Lease]) -> set[Lease]:
    """Note that a runner lives, and free what it owns but does not vouch for.

    Args:
        uow: an open write unit.
        runner_id: who renews.
        vouched: the leases under which its bots run now. What else is its own was let go unnoticed, as
            by an answer or a release that got lost.

    Returns:
        Those that are still its own.

    Raises:
        LeaseLostError: the runner itself was declared dead, so it must start anew.
    """
    _say_that_it_lives(uow, runner_id)
    owned = set(list_leases(uow.session, runner_id))
    release(uow, runner_id, owned.difference(vouched))
    return owned.intersection(vouched)


def confirm_lease(uow: UnitOfWork, runner_id: UUID, lease: Lease) -> None:
    """Make sure, inside a write for a bot, that the writer still owns it until the commit.

    Raises:
        LeaseLostError: another runner took the shard.
    """
    owned = uow.session.scalar(
        select(Placement.bot_id)
        .where(_is(lease), Placement.runner_id == runner_id, Placement.epoch == lease.epoch)
        .with_for_update(read=True)
    )
    if owned is None:
        raise LeaseLostError


def release(uow: UnitOfWork, runner_id: UUID, leases: Iterable[Lease]) -> None:
    """Give shards back, so that another runner may take them at once."""
    given = sorted((lease.bot_id, lease.shard, lease.epoch) for lease in leases)
    for start in range(0, len(given), _STEP):
        _release(uow, runner_id, given[start : start + _STEP])


def step_back(uow: UnitOfWork, runner_id: UUID) -> None:
    """Let the others share out all shards between them, as if this runner had no room for any."""
    uow.session.execute(
        update(Runner)
        .where(Runner.id == runner_id)
        .values(max_bots=0)
        .execution_options(synchronize_session=False)
    )


def retire_runner(uow: UnitOfWork, runner_id: UUID, *, seen_at: datetime | None = None) -> list[Shard]:
    """Forget a runner that has ended or died, and free all that it owns.

    Args:
        uow: an open write unit.
        runner_id: the runner.
        seen_at: its last sign of life as far as is known. One that gave another since is left alone.

    Returns:
        What is free now.
    """
    gone = delete(Runner).where(Runner.id == runner_id)
    if seen_at is not None:
        gone = gone.where(Runner.seen_at == seen_at)
    # First of all, since a renewal begins with the same row: one of the two waits for the other.
    found = uow.session.scalar(gone.returning(Runner.id).execution_options(synchronize_session=False))
    if found is None and seen_at is not None:
        return []
    freed = uow.session.execute(
        update(Placement)
        .where(Placement.runner_id == runner_id)
        .values(runner_id=None)
        .returning(Placement.bot_id, Placement.shard)
        .execution_options(synchronize_session=False)
    ).all()
    if freed:
        uow.record(ShardsFreed())
    return [Shard(*row) for row in freed]


def _release(uow: UnitOfWork, runner_id: UUID, given: list[tuple[UUID, int, int]]) -> None:
    lease = tuple_(Placement.bot_id, Placement.shard, Placement.epoch)
    is_own = and_(lease.in_(given), Placement.runner_id == runner_id)
    # Locked in one order, so that two runners never wait for each other's rows in a circle.
    locked = select(Placement.bot_id).where(is_own).order_by(Placement.bot_id, Placement.shard)
    if uow.session.execute(locked.with_for_update()).first() is None:
        return
    uow.session.execute(
        update(Placement).where(is_own).values(runner_id=None).execution_options(synchronize_session=False)
    )
    uow.record(ShardsFreed())


def _claim(uow: UnitOfWork, runner_id: UUID, wanted: Mapping[Shard, int], at_most: int) -> list[Lease]:
    upsert(
        uow.session,
        Placement,
        [
            {"bot_id": shard.bot_id, "shard": shard.number, "epoch": 0, "shard_count": count}
            for shard, count in wanted.items()
        ],
        key=(Placement.bot_id, Placement.shard),
    )
    claimed: list[Lease] = []
    for count in sorted(set(wanted.values())):
        shards = [shard for shard, wish in wanted.items() if wish == count]
        claimed += _claim_of_count(uow, runner_id, shards, count, at_most - len(claimed))
    return claimed


def _claim_of_count(
    uow: UnitOfWork, runner_id: UUID, shards: list[Shard], count: int, at_most: int
) -> list[Lease]:
    # Rows another runner is just taking are skipped, not waited for: they would not be free any more.
    takeable = uow.session.execute(
        select(Placement.bot_id, Placement.shard)
        .where(_place().in_(shards), _is_free(), ~_runs_otherwise(count))
        .order_by(Placement.bot_id, Placement.shard)
        .limit(at_most)
        .with_for_update(skip_locked=True, of=Placement)
    ).all()
    rows = uow.session.execute(
        update(Placement)
        .where(_place().in_([tuple(row) for row in takeable]))
        .values(runner_id=runner_id, epoch=Placement.epoch + 1, shard_count=count)
        .returning(Placement.bot_id, Placement.shard, Placement.epoch, Placement.shard_count)
        .execution_options(synchronize_session=False)
    )
    return [Lease(*row) for row in rows]


def _say_that_it_lives(uow: UnitOfWork, runner_id: UUID) -> None:
    seen = uow.session.execute(
        update(Runner)
        .where(Runner.id == runner_id)
        .values(seen_at=now_plus(0))
        .returning(Runner.id)
        .execution_options(synchronize_session=False)
    )
    if seen.one_or_none() is None:
        raise LeaseLostError


def _place() -> "ColumnElement[tuple[UUID, int]]":
    return tuple_(Placement.bot_id, Placement.shard)


def _is(lease: Lease) -> ColumnElement[bool]:
    return and_(Placement.bot_id == lease.bot_id, Placement.shard == lease.shard)


def _is_free() -> ColumnElement[bool]:
    # A runner that is not listed any more owns nothing, whatever became of the rows that it left.
    return or_(Placement.runner_id.is_(None), Placement.runner_id.not_in(select(Runner.id)))


def _runs_otherwise(count: int) -> ColumnElement[bool]:
    other = aliased(Placement)
    return (
        select(other.bot_id)
        .where(
            other.bot_id == Placement.bot_id,
            other.shard_count != count,
            other.runner_id.in_(select(Runner.id)),
        )
        .exists()
    )

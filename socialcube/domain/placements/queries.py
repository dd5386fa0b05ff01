"""Reads of ownership."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from socialcube.db.types import now_plus
from socialcube.domain.placements.models import (
    GatewaySession,
    InvalidAnswer,
    Placement,
    Runner,
    SessionStart,
)
from socialcube.domain.placements.policy import INVALID_LIMIT, starts_limit
from socialcube.domain.placements.types import (
    BotBudgets,
    Lease,
    ResumableSession,
    RunnerView,
    SessionTerms,
    Shard,
    Share,
)

_DAY_SECONDS: Final = 24 * 3600.0
_HOUR_SECONDS: Final = 3600.0
_INVALID_WINDOW_SECONDS: Final = 660.0
_STARTS_PER_DAY: Final = 1_000
"""What Discord gives most bots (Gateway, "Session Start Limit Object"); it says more for large ones."""


def list_living_runners(session: Session, *, within: float) -> list[RunnerView]:
    """List the runners seen within so many seconds by the database's clock, oldest first.

    A runner counts as living for as long as a lease: `within` is the setting that they share.
    """
    return [
        _runner_view(row) for row in session.execute(_runners().where(Runner.seen_at > now_plus(-within)))
    ]


def list_runners(session: Session) -> list[RunnerView]:
    """List all runners that nobody has retired, dead ones too, oldest first."""
    return [_runner_view(row) for row in session.execute(_runners())]


def list_leases(session: Session, runner_id: UUID) -> list[Lease]:
    """List what a runner owns. One that is not listed any more owns nothing."""
    rows = select(Placement.bot_id, Placement.shard, Placement.epoch, Placement.shard_count).where(
        Placement.runner_id == runner_id, Placement.runner_id.in_(select(Runner.id))
    )
    return [Lease(*row) for row in session.execute(rows)]


def list_sessions(
    session: Session, wanted: Mapping[Shard, SessionTerms], *, within_seconds: float = 600
) -> dict[Shard, ResumableSession]:
    """List the gateway sessions that the last runners of these shards left to go on with.

    Args:
        session: any open session.
        wanted: the shards, each with the terms on which it shall run now; a session keeps those on which
            it began, and one of other terms is of no use.
        within_seconds: how long ago it may have been seen. Platforms keep sessions for minutes only.
    """
    # Columns rather than rows: a runner that takes over reads those of all its bots.
    columns = (
        GatewaySession.bot_id,
        GatewaySession.shard,
        GatewaySession.generation,
        GatewaySession.shard_count,
        GatewaySession.intents,
        GatewaySession.session_id,
        GatewaySession.sequence,
        GatewaySession.url,
        GatewaySession.application_id,
    )
    rows = session.execute(
        select(*columns).where(
            GatewaySession.bot_id.in_({shard.bot_id for shard in wanted}),
            GatewaySession.saved_at > now_plus(-within_seconds),
        )
    )
    return {
        shard: ResumableSession(left.session_id, left.sequence, left.url, left.application_id)
        for left in rows
        if wanted.get(shard := Shard(left.bot_id, left.shard))
        == SessionTerms(left.generation, left.shard_count, left.intents)
    }


def get_share(session: Session, *, wanted: int, within: float, settled_after: float) -> Share:
    """List what the runners take between which the wanted shards are shared, by the database's clock.

    A clock that is set only makes runners claim or give up a little more, until they have renewed and settled
    by the new one; no lease is lost for it.

    Args:
        session: any open session.
        wanted: shards that should run.
        within: seconds within which a runner must have been seen to count as living.
        settled_after: seconds that a runner must have lived to count as settled.
    """
    runners = session.execute(
        select(Runner.max_bots, Runner.started_at < now_plus(-settled_after))
        .where(Runner.seen_at > now_plus(-within))
        .order_by(Runner.started_at, Runner.id)
    ).all()
    return Share(
        wanted=wanted,
        living=tuple(limit for limit, _ in runners),
        settled=tuple(limit for limit, is_settled in runners if is_settled),
    )


def count_starts(session: Session, bot_id: UUID) -> int:
    """Count the session starts of a bot in the last 24 hours; up to an hour more, which is the safe side."""
    hours = select(func.sum(SessionStart.used)).where(
        SessionStart.bot_id == bot_id, SessionStart.hour > now_plus(-_DAY_SECONDS - _HOUR_SECONDS)
    )
    return session.scalar(hours) or 0


def get_starts_total(session: Session, bot_id: UUID) -> int:
    """Get how many session starts the platform allows a bot in 24 hours, as it said at the last start."""
    said = (
        select(SessionStart.total)
        .where(SessionStart.bot_id == bot_id, SessionStart.total.is_not(None))
        .order_by(SessionStart.hour.desc())
    )
    return session.scalar(said.limit(1)) or _STARTS_PER_DAY


def count_invalid_answers(session: Session, address: str) -> dict[UUID, int]:
    """Count the invalid answers of each bot behind an address, over ten whole minutes and this one."""
    counts = (
        select(InvalidAnswer.bot_id, func.sum(InvalidAnswer.count))
        .where(InvalidAnswer.address == address, InvalidAnswer.minute > now_plus(-_INVALID_WINDOW_SECONDS))
        .group_by(InvalidAnswer.bot_id)
    )
    return {bot_id: int(count) for bot_id, count in session.execute(counts)}


def sum_starts(session: Session) -> int:
    """Count the session starts of all bots in the last 24 hours, as `count_starts` counts those of one."""
    hours = select(func.sum(SessionStart.used)).where(
        SessionStart.hour > now_plus(-_DAY_SECONDS - _HOUR_SECONDS)
    )
    return session.scalar(hours) or 0


def sum_invalid_answers(session: Session) -> dict[str, int]:
    """Count the invalid answers behind each address, over ten whole minutes and this one."""
    counts = (
        select(InvalidAnswer.address, func.sum(InvalidAnswer.count))
        .where(InvalidAnswer.minute > now_plus(-_INVALID_WINDOW_SECONDS))
        .group_by(InvalidAnswer.address)
        .order_by(InvalidAnswer.address)
    )
    return {address: int(count) for address, count in session.execute(counts)}


def get_budgets(session: Session, bot_id: UUID) -> BotBudgets:
    """Get what a bot has spent of what its platform allows. Nothing is spent by a bot that nobody ran."""
    held = select(Runner.address).join(Placement, Placement.runner_id == Runner.id)
    address = session.scalar(held.where(Placement.bot_id == bot_id).order_by(Placement.shard).limit(1)) or ""
    invalid = count_invalid_answers(session, address) if address else {}
    total = get_starts_total(session, bot_id)
    return BotBudgets(
        starts_used=count_starts(session, bot_id),
        starts_total=total,
        starts_limit=starts_limit(total, is_wished=False),
        invalid_own=invalid.get(bot_id, 0),
        invalid_address=sum(invalid.values()),
        invalid_limit=INVALID_LIMIT,
        address=address,
    )


def _runners() -> Select[Runner, int]:
    held = select(func.count()).where(Placement.runner_id == Runner.id).correlate(Runner).scalar_subquery()
    return select(Runner, held).order_by(Runner.started_at, Runner.id)


def _runner_view(row: Row[Runner, int]) -> RunnerView:
    runner, bots = row
    return RunnerView(
        id=runner.id,
        host=runner.host,
        pid=runner.pid,
        lock_path=runner.lock_path,
        started_at=runner.started_at,
        seen_at=runner.seen_at,
        bots=bots,
        address=runner.address,
    )

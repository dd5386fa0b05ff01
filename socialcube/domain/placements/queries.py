"""Reads of ownership."""

from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from socialcube.db.types import now_plus
from socialcube.domain.placements.models import GatewaySession, Placement, Runner
from socialcube.domain.placements.types import Lease, ResumableSession, RunnerView, Share


def list_living_runners(session: Session, *, within: float) -> list[RunnerView]:
    """List the runners seen within so many seconds by the database's clock, oldest first.

    A runner counts as living for as long as a lease: `within` is the setting that they share.
    """
    return [
        _runner_view(row) for row in session.execute(_runners().where(Runner.seen_at > now_plus(-within)))
    ]


def list_runners_on(session: Session, host: str) -> list[RunnerView]:
    """List all runners of one machine, dead ones too, oldest first."""
    return [_runner_view(row) for row in session.execute(_runners().where(Runner.host == host))]


def list_leases(session: Session, runner_id: UUID, *, with_expired: bool = False) -> list[Lease]:
    """List what a runner owns by the database's clock.

    Args:
        session: any open session.
        runner_id: the runner.
        with_expired: also what it owned last and nobody has taken since.
    """
    rows = select(Placement.bot_id, Placement.shard, Placement.epoch).where(Placement.runner_id == runner_id)
    found = session.execute(rows if with_expired else rows.where(Placement.expires_at > now_plus(0)))
    return [Lease(*row) for row in found]


def find_session(
    session: Session, bot_id: UUID, shard: int, *, shard_count: int, intents: int, within_seconds: float = 600
) -> ResumableSession | None:
    """Find the gateway session that a shard's last runner left.

    Args:
        session: any open session.
        bot_id: the bot.
        shard: its part.
        shard_count: with how many shards the bot shall run; a session of another count is of no use.
        intents: with which it shall run; a session keeps those that it began with.
        within_seconds: how long ago it may have been seen. Platforms keep sessions for minutes only.
    """
    row = session.scalar(
        select(GatewaySession)
        .where(
            GatewaySession.bot_id == bot_id,
            GatewaySession.shard == shard,
            GatewaySession.shard_count == shard_count,
            GatewaySession.intents == intents,
            GatewaySession.saved_at > now_plus(-within_seconds),
        )
        .execution_options(populate_existing=True)
    )
    return None if row is None else ResumableSession(row.session_id, row.sequence, row.url, row.application_id)


def get_share(session: Session, *, wanted: int, within: float, settled_after: float) -> Share:
    """Count the runners between which the wanted bots are shared.

    Args:
        session: any open session.
        wanted: bots that should run.
        within: seconds within which a runner must have been seen to count as living.
        settled_after: seconds that a runner must have lived to count as settled.
    """
    counts = session.execute(
        select(
            func.count(),
            func.count().filter(Runner.started_at < now_plus(-settled_after)),
        ).where(Runner.seen_at > now_plus(-within))
    ).one()
    return Share(wanted=wanted, living=counts[0], settled=counts[1])


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
    )

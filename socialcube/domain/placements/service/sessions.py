"""Writes of gateway sessions: kept for whoever owns a shard next, forgotten when they are over."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.placements.models import GatewaySession
from socialcube.domain.placements.queries import list_leases
from socialcube.domain.placements.types import HeldSession, Lease


def save_sessions(uow: UnitOfWork, runner_id: UUID, held: Iterable[HeldSession]) -> None:
    """Store the sessions of a runner's shards, all in one statement.

    A shard that the runner does not own under that very lease any more is left out: its next owner may
    have begun another session, which must not be overwritten.
    """
    owned = set(list_leases(uow.session, runner_id))
    # In one order, so that two runners never wait for each other's rows in a circle.
    rows = sorted((_to_row(each) for each in held if each.lease in owned), key=_place)
    if not rows:
        return
    table = GatewaySession.metadata.tables[GatewaySession.__tablename__]
    insert = insert_for(uow.session)(table).values(saved_at=now_plus(0))
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=[table.c.bot_id, table.c.shard],
        set_={name: new[name] for name in (*rows[0], "saved_at")},
        where=table.c.epoch <= new.epoch,
    )
    uow.session.connection().execute(statement, rows)


def forget_session(uow: UnitOfWork, lease: Lease) -> None:
    """Forget the session of a shard, since nobody can go on with it. A later owner's stays."""
    uow.session.execute(
        delete(GatewaySession)
        .where(
            GatewaySession.bot_id == lease.bot_id,
            GatewaySession.shard == lease.shard,
            GatewaySession.epoch <= lease.epoch,
        )
        .execution_options(synchronize_session=False)
    )


def _to_row(held: HeldSession) -> dict[str, Any]:
    lease, session = held.lease, held.session
    return {
        "bot_id": lease.bot_id,
        "shard": lease.shard,
        "epoch": lease.epoch,
        "generation": held.terms.generation,
        "shard_count": held.terms.shard_count,
        "intents": held.terms.intents,
        "session_id": session.id,
        "sequence": session.sequence,
        "url": session.url,
        "application_id": session.application_id,
    }


def _place(row: dict[str, Any]) -> tuple[UUID, int]:
    return row["bot_id"], row["shard"]

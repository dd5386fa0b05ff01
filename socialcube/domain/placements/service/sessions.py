"""Writes of gateway sessions: kept for whoever owns a shard next, forgotten when they are over."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, delete, select

from socialcube.db.json_rows import unpack_rows
from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.placements.models import GatewaySession, Placement
from socialcube.domain.placements.types import HeldSession, Lease

_TABLE: Final = GatewaySession.metadata.tables[GatewaySession.__tablename__]
_KEY: Final = [_TABLE.c.bot_id, _TABLE.c.shard]
_SENT: Final = [each for each in _TABLE.c if each is not _TABLE.c.saved_at]


def save_sessions(uow: UnitOfWork, runner_id: UUID, held: Iterable[HeldSession]) -> None:
    """Store the sessions of a runner's shards, all in one statement.

    A shard that the runner does not own under that very lease any more is left out: its next owner may
    have begun another session, which must not be overwritten.
    """
    rows = [_to_row(each) for each in held]
    if not rows:
        return
    new = unpack_rows(uow.session, rows, _SENT)
    is_owned = and_(
        Placement.bot_id == new.c.bot_id, Placement.shard == new.c.shard, Placement.epoch == new.c.epoch
    )
    found = (
        select(*new.c, now_plus(0))
        .select_from(new.join(Placement, is_owned))
        .where(Placement.runner_id == runner_id)
        # In one order, so that two runners never wait for each other's rows in a circle.
        .order_by(new.c.bot_id, new.c.shard)
    )
    insert = insert_for(uow.session)(_TABLE).from_select([*_SENT, _TABLE.c.saved_at], found)
    statement = insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={each.name: insert.excluded[each.name] for each in (*_SENT, _TABLE.c.saved_at)},
        where=_TABLE.c.epoch <= insert.excluded.epoch,
    )
    uow.session.execute(statement)


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
    lease, session, terms = held.lease, held.session, held.terms
    return {
        "bot_id": lease.bot_id,
        "shard": lease.shard,
        "epoch": lease.epoch,
        "generation": terms.generation,
        "shard_count": terms.shard_count,
        "intents": terms.intents,
        "session_id": session.id,
        "sequence": session.sequence,
        "url": session.url,
        "application_id": session.application_id,
    }

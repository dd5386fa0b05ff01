"""What changes of keys share: locks, whose key it is, and audit rows."""

from datetime import datetime
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.api_keys.errors import KeyNotFoundError
from socialcube.domain.api_keys.events import ApiKeyChanged
from socialcube.domain.api_keys.models import ApiKey
from socialcube.domain.audit import service as audit

_Data = dict[str, object] | None


def lock_key(uow: UnitOfWork, key_id: UUID) -> ApiKey:
    """Get a key whose row nobody else changes until the commit.

    Raises:
        KeyNotFoundError: there is none.
    """
    row = uow.session.get(ApiKey, key_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise KeyNotFoundError(ref=key_id)
    return row


def is_self(actor: Actor, user_id: UUID) -> bool:
    """Tell whether the actor is that very person."""
    return (actor.kind, actor.id) == ("user", str(user_id))


def facts_of(row: ApiKey) -> dict[str, object]:
    """Give what the audit log says of a key."""
    return {
        "scopes": ", ".join(map(str, row.scopes)),
        "bots": "all" if row.bot_ids is None else ", ".join(map(str, row.bot_ids)),
        "expires_at": moment_of(row.expires_at),
    }


def moment_of(moment: datetime | None) -> str | None:
    """Write a moment for the audit log."""
    return None if moment is None else moment.isoformat()


def conclude(  # noqa: PLR0913 - the words of one sentence, as in the audit log itself
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    row: ApiKey,
    *,
    before: _Data = None,
    after: _Data = None,
) -> None:
    """Write the change to the database with its audit row, and remember the fact."""
    uow.session.flush()
    named: dict[str, object] = {"name": row.name, "key": row.public_id}
    audit.record(
        uow,
        actor,
        action,
        subject_kind="key",
        subject_id=row.id,
        before=None if before is None else named | before,
        after=None if after is None else named | after,
    )
    uow.record(ApiKeyChanged(row.public_id))

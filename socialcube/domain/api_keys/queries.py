"""Reads of API keys."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.api_keys.errors import KeyNotFoundError
from socialcube.domain.api_keys.models import ApiKey
from socialcube.domain.api_keys.policy.scopes import make_key_actor
from socialcube.domain.api_keys.types import ApiKeyView, KeyRecord
from socialcube.kernel.ids import read_id


def list_keys(session: Session, *, user_id: UUID | None = None) -> list[ApiKeyView]:
    """List keys, the newest first, those that ended too; of one person only when one is named."""
    statement = _keys().order_by(ApiKey.id.desc())
    if user_id is not None:
        statement = statement.where(ApiKey.user_id == user_id)
    return list(map(to_view, session.scalars(statement)))


def get_key(session: Session, ref: UUID | str) -> ApiKeyView:
    """Get a key by our id, or by the part of it that may be seen.

    Raises:
        KeyNotFoundError: there is none.
    """
    key_id = read_id(ref)
    is_it = ApiKey.id == key_id if key_id else ApiKey.public_id == str(ref)
    row = session.scalars(_keys().where(is_it)).one_or_none()
    if row is None:
        raise KeyNotFoundError(ref=ref)
    return to_view(row)


def find_record(session: Session, public_id: str) -> KeyRecord | None:
    """Find what checking a key takes, with what its maker holds now. Two reads."""
    row = session.scalars(_keys().where(ApiKey.public_id == public_id)).one_or_none()
    if row is None:
        return None
    view = to_view(row)
    maker = accounts.find_user(session, view.user_id)
    held = accounts.load_actor(session, view.user_id)
    return KeyRecord(
        view=view,
        digest=row.digest,
        previous_digest=row.previous_digest,
        actor=replace(make_key_actor(view.id, view.scopes, view.bot_ids, held), person_id=view.user_id),
        is_orphaned=maker is None or maker.is_disabled,
        places=frozenset(map(str, row.places)),
    )


def to_view(row: ApiKey) -> ApiKeyView:
    """Copy a row. Scopes of another version give nothing."""
    known = {permission.value for permission in Permission}
    return ApiKeyView(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        user_id=row.user_id,
        scopes=frozenset(Permission(str(name)) for name in row.scopes if name in known),
        bot_ids=None if row.bot_ids is None else frozenset(UUID(str(bot_id)) for bot_id in row.bot_ids),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        previous_ends_at=row.previous_ends_at if row.previous_digest else None,
        last_used_at=row.last_used_at,
        last_address=row.last_address,
    )


def _keys() -> Select[ApiKey]:
    return select(ApiKey).execution_options(populate_existing=True)

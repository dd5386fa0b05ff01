"""Forgets a person: who did what stays in the audit log, under a key that no longer names anybody."""

from typing import Final
from uuid import UUID

from sqlalchemy import delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import Grant, OneTimeCode, UserPreferences
from socialcube.domain.accounts.service.changes import lock_user, require_another_owner
from socialcube.domain.accounts.service.sessions import end_sessions_of
from socialcube.domain.audit import service as audit

_NAME: Final = "Erased person"
_ID_BITS: Final = 62


def erase_person(uow: UnitOfWork, actor: Actor, user_id: UUID) -> int:
    """Erase a person's name, picture, Discord id, sessions, roles and preferences, here and in the audit log.

    The account stays switched off and can never be signed in to again: Discord gives no negative ids. The
    same person may be invited anew, as somebody else. Their API keys are ended before (`erase_keys` of keys).

    Returns:
        How many parts of audit entries were erased.

    Raises:
        ForbiddenError, UserNotFoundError, LastOwnerError: as they say.
    """
    require(actor, Permission.SITE_ADMIN)
    user = lock_user(uow, user_id)
    require_another_owner(uow, user)
    end_sessions_of(uow, user)
    for table in (Grant, OneTimeCode, UserPreferences):
        uow.session.execute(delete(table).where(table.user_id == user.id))
    user.name = user.display_name = _NAME
    user.avatar = None
    user.external_id = -(user.id.int & ((1 << _ID_BITS) - 1))
    user.is_disabled = True
    user.version += 1
    user.updated_at = uow.clock.now()
    uow.session.flush()
    uow.record(AccessChanged(user.id))
    return audit.erase_person(uow, actor, user.id)

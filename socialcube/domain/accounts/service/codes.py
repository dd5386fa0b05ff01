"""One-time codes: the setup code for the first owner, and links for who cannot sign in otherwise."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.errors import CodeRefusedError, SetupClosedError, UserDisabledError
from socialcube.domain.accounts.models import OneTimeCode, User
from socialcube.domain.accounts.policy.codes import hash_code, make_code
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.queries.access import has_admin
from socialcube.domain.accounts.queries.people import to_user_view
from socialcube.domain.accounts.service.changes import give, lock_user, record
from socialcube.domain.accounts.service.people import note_sign_in
from socialcube.domain.accounts.types import (
    LOGIN_LINK_TIME,
    SETUP_CODE_TIME,
    BuiltInRole,
    CodeKind,
    Place,
    UserView,
)
from socialcube.domain.audit import service as audit
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret


def make_setup_code(uow: UnitOfWork, actor: Actor) -> Secret | None:
    """Make the code that lets its first user own the site. It is shown once; older ones stop working.

    Returns:
        The code, or None: the site has an owner, so that no code can make another one.
    """
    if has_admin(uow.session):
        return None
    uow.session.execute(delete(OneTimeCode).where(OneTimeCode.kind == CodeKind.SETUP))
    code = _make(uow, CodeKind.SETUP, None, SETUP_CODE_TIME)
    audit.record(uow, actor, "code.setup.make", subject_kind="site", subject_id="site", after={"hours": 24})
    return code


def use_setup_code(
    uow: UnitOfWork, user_id: UUID, code: str, *, address: str = "", request_id: str = ""
) -> None:
    """Make a signed-in person owner of the site. Of several who use one code at once, one becomes it.

    Raises:
        SetupClosedError: there is an owner.
        CodeRefusedError: the code is wrong, used or too old.
        UserNotFoundError, UserDisabledError: as they say.
    """
    if has_admin(uow.session):
        raise SetupClosedError
    _use(uow, CodeKind.SETUP, code)
    user = _lock_enabled(uow, user_id)
    actor = Actor("user", str(user_id), request_id=request_id, address=address)
    record(uow, actor, "code.setup.use", user, after={})
    give(uow, actor, user, BUILT_IN_ROLES[BuiltInRole.OWNER], Place(), reason="setup code")


def make_login_link(uow: UnitOfWork, actor: Actor, user_id: UUID) -> Secret:
    """Make the code of a link that signs a person in once, without Discord. Older ones stop working.

    Raises:
        ForbiddenError, UserNotFoundError, UserDisabledError: as they say.
    """
    require(actor, Permission.SITE_ADMIN)
    user = _lock_enabled(uow, user_id)
    uow.session.execute(
        delete(OneTimeCode).where(OneTimeCode.kind == CodeKind.LOGIN, OneTimeCode.user_id == user_id)
    )
    record(uow, actor, "code.login.make", user, after={"minutes": 15})
    return _make(uow, CodeKind.LOGIN, user_id, LOGIN_LINK_TIME)


def use_login_link(uow: UnitOfWork, code: str, *, address: str = "", request_id: str = "") -> UserView:
    """Sign a person in with a link. Of several browsers that use one at once, one gets in.

    Raises:
        CodeRefusedError: the code is wrong, used or too old.
        UserDisabledError: the account was switched off since.
    """
    user = _lock_enabled(uow, _use(uow, CodeKind.LOGIN, code))
    note_sign_in(uow, user, "login link", address=address, request_id=request_id)
    return to_user_view(user)


def _make(uow: UnitOfWork, kind: CodeKind, user_id: UUID | None, life: timedelta) -> Secret:
    code, now = make_code(kind), uow.clock.now()
    uow.session.add(
        OneTimeCode(
            id=new_id(),
            kind=kind,
            code_hash=hash_code(kind, code.reveal()),
            user_id=user_id,
            created_at=now,
            expires_at=now + life,
        )
    )
    uow.session.flush()
    return code


def _use(uow: UnitOfWork, kind: CodeKind, code: str) -> UUID | None:
    """Take a code away, which only one can. Gives the person it is for, if it is for one."""
    statement = (
        delete(OneTimeCode)
        .where(
            OneTimeCode.kind == kind,
            OneTimeCode.code_hash == hash_code(kind, code),
            OneTimeCode.expires_at > uow.clock.now(),
        )
        .returning(OneTimeCode.user_id)
    )
    taken = uow.session.execute(statement.execution_options(synchronize_session=False)).one_or_none()
    if taken is None:
        raise CodeRefusedError
    user_id: UUID | None = taken[0]
    return user_id


def _lock_enabled(uow: UnitOfWork, user_id: UUID | None) -> User:
    if user_id is None:
        raise CodeRefusedError
    user = lock_user(uow, user_id)
    if user.is_disabled:
        raise UserDisabledError(name=user.display_name or user.name)
    return user

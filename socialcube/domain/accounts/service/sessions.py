"""How sessions begin, go on and end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.errors import SessionNotFoundError, UserDisabledError
from socialcube.domain.accounts.events import SessionEnded
from socialcube.domain.accounts.models import Invite, OneTimeCode, User, UserSession
from socialcube.domain.accounts.queries.sessions import is_over, to_session_view
from socialcube.domain.accounts.service.changes import lock_user, record
from socialcube.domain.accounts.types import SESSION_TIME, SessionView
from socialcube.kernel.ids import new_id
from socialcube.kernel.text import one_line


def open_session(
    uow: UnitOfWork, user_id: UUID, *, token_hash: str, address: str = "", agent: str = ""
) -> SessionView:
    """Begin a session for a person who has just proved who they are.

    Args:
        uow: an open write unit.
        user_id: the person.
        token_hash: SHA-256 of the token that the browser keeps, in hex. The token itself comes no further.
        address: where it is opened from.
        agent: which browser says it is.

    Raises:
        UserNotFoundError, UserDisabledError: as they say.
    """
    user = lock_user(uow, user_id)
    if user.is_disabled:
        raise UserDisabledError(name=user.display_name or user.name)
    now = uow.clock.now()
    row = UserSession(
        id=new_id(),
        user_id=user.id,
        token_hash=token_hash,
        epoch=user.epoch,
        data={},
        address=one_line(address, 64),
        agent=one_line(agent, 255),
        created_at=now,
        signed_in_at=now,
        last_seen_at=now,
        expires_at=now + SESSION_TIME,
    )
    uow.session.add(row)
    uow.session.flush()
    return to_session_view(row)


def save_session(uow: UnitOfWork, session_id: UUID, data: dict[str, object] | None, now: datetime) -> bool:
    """Keep what the web has in a session, and that it is used.

    Args:
        uow: an open write unit.
        session_id: the session.
        data: what it holds from now on; None leaves that to whoever changes it at this moment.
        now: when it was used.

    Returns:
        Whether there still was one: what was ended meanwhile does not come back.
    """
    values = {"last_seen_at": now} if data is None else {"last_seen_at": now, "data": data}
    person = select(UserSession.user_id).where(UserSession.id == session_id).scalar_subquery()
    connection = uow.session.connection()
    # The person's row first, as everywhere: whoever ends all sessions just now holds it already.
    connection.execute(update(User).where(User.id == person).values(last_seen_at=now))
    statement = update(UserSession).where(UserSession.id == session_id).values(values)
    return connection.execute(statement).rowcount == 1


def renew_session(
    uow: UnitOfWork, actor: Actor, session_id: UUID, *, token_hash: str, way: str
) -> SessionView:
    """Note that a person has just proved again who they are, in a session that goes on under a new token.

    Args:
        uow: an open write unit.
        actor: the person whose session it is.
        session_id: the session.
        token_hash: of the new token, as for `open_session`. The former token opens nothing from now on.
        way: how it was proved, for the audit log.

    Raises:
        SessionNotFoundError: it is over, or somebody else's.
    """
    user_id = uow.session.scalar(select(UserSession.user_id).where(UserSession.id == session_id))
    if user_id is None or (actor.kind, actor.id) != ("user", str(user_id)):
        raise SessionNotFoundError
    user = lock_user(uow, user_id)
    row = uow.session.get(UserSession, session_id, populate_existing=True)
    # Whoever ended it, or switched the person off, may have been quicker.
    if row is None or row.epoch != user.epoch or user.is_disabled:
        raise SessionNotFoundError
    row.token_hash = token_hash
    row.signed_in_at = row.last_seen_at = uow.clock.now()
    uow.session.flush()
    record(uow, actor, "user.sign_in_again", user, after={"way": way})
    return to_session_view(row)


def note_refused_proof(uow: UnitOfWork, actor: Actor, user_id: UUID, way: str) -> None:
    """Write down that somebody else answered when a person was asked to prove who they are."""
    record(uow, actor, "user.sign_in_again.refuse", lock_user(uow, user_id), after={"way": way})


def end_session(uow: UnitOfWork, actor: Actor, session_id: UUID) -> bool:
    """End one session: one's own, or anybody's for who manages the site.

    Returns:
        Whether there was one; ending twice is harmless.

    Raises:
        ForbiddenError: it is somebody else's.
    """
    user_id = uow.session.scalar(select(UserSession.user_id).where(UserSession.id == session_id))
    if user_id is None:
        return False
    user = lock_user(uow, user_id)
    _require_own_or_admin(actor, user)
    # Whoever ends all sessions may have been quicker.
    row = uow.session.get(UserSession, session_id, populate_existing=True)
    if row is None:
        return False
    uow.session.delete(row)
    uow.session.flush()
    record(uow, actor, "session.end", user, before={"address": row.address, "agent": row.agent})
    uow.record(SessionEnded(session_id, user.id))
    return True


def end_all_sessions(uow: UnitOfWork, actor: Actor, user_id: UUID) -> int:
    """End all sessions of a person: one's own, or anybody's for who manages the site.

    Returns:
        How many there were.

    Raises:
        ForbiddenError, UserNotFoundError: as they say.
    """
    user = lock_user(uow, user_id)
    _require_own_or_admin(actor, user)
    ended = end_sessions_of(uow, user)
    record(uow, actor, "session.end_all", user, before={"sessions": ended}, after={"sessions": 0})
    return ended


def end_other_sessions(uow: UnitOfWork, actor: Actor, session_id: UUID) -> int:
    """End all sessions of a person but the one in which they say so. Gives how many those were.

    Raises:
        SessionNotFoundError: the one that would stay is over, or somebody else's.
    """
    user_id = uow.session.scalar(select(UserSession.user_id).where(UserSession.id == session_id))
    if user_id is None or (actor.kind, actor.id) != ("user", str(user_id)):
        raise SessionNotFoundError
    # One that is being opened just now waits for this lock, and then stays: its person is here.
    user = lock_user(uow, user_id)
    others = (UserSession.user_id == user.id, UserSession.id != session_id)
    statement = delete(UserSession).where(*others).returning(UserSession.id)
    ended = uow.session.scalars(statement.execution_options(synchronize_session=False)).all()
    for other_id in ended:
        uow.record(SessionEnded(other_id, user.id))
    if ended:
        count = len(ended)
        record(uow, actor, "session.end_others", user, before={"sessions": count}, after={"sessions": 0})
    return len(ended)


def end_sessions_of(uow: UnitOfWork, user: User) -> int:
    """End every session of a locked person. The epoch also ends one that is being opened just now."""
    user.epoch += 1
    statement = delete(UserSession).where(UserSession.user_id == user.id).returning(UserSession.id)
    ended = uow.session.scalars(statement.execution_options(synchronize_session=False)).all()
    for session_id in ended:
        uow.record(SessionEnded(session_id, user.id))
    return len(ended)


def delete_expired(uow: UnitOfWork) -> int:
    """Delete sessions, one-time codes and invites that are over. Gives how many sessions that were."""
    now = uow.clock.now()
    connection = uow.session.connection()
    connection.execute(delete(Invite).where(Invite.expires_at <= now))
    connection.execute(delete(OneTimeCode).where(OneTimeCode.expires_at <= now))
    return connection.execute(delete(UserSession).where(is_over(now))).rowcount


def _require_own_or_admin(actor: Actor, user: User) -> None:
    if (actor.kind, actor.id) != ("user", str(user.id)):
        require(actor, Permission.SITE_ADMIN)

"""How people come here, and how they are kept out."""

from uuid import UUID

from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.access.policy import can, can_anywhere, require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.errors import UserDisabledError, UserExistsError
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import User, UserPreferences
from socialcube.domain.accounts.policy.profiles import check_preferences, clean_profile
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.queries.people import find_user_by_external_id, to_user_view
from socialcube.domain.accounts.service.changes import give, lock_user, record, require_another_owner
from socialcube.domain.accounts.service.sessions import end_sessions_of
from socialcube.domain.accounts.types import BuiltInRole, Place, Preferences, Profile, UserView
from socialcube.kernel.errors import ForbiddenError, VersionConflictError
from socialcube.kernel.ids import new_id


def sign_in(
    uow: UnitOfWork,
    profile: Profile,
    *,
    admin_ids: frozenset[int] = frozenset(),
    address: str = "",
    request_id: str = "",
) -> UserView:
    """Take in a person whom the platform vouches for: known by id alone, with today's name and picture.

    Args:
        uow: an open write unit.
        profile: as the platform gave it.
        admin_ids: people who become owners of the site by signing in.
        address: where they sign in from.
        request_id: of the web request.

    Raises:
        UserDisabledError: the account is switched off.
        InvalidExternalIdError: the profile has no usable id.
    """
    user = _find_or_add(uow, clean_profile(profile))
    if user.is_disabled:
        raise UserDisabledError(name=user.display_name)
    note_sign_in(uow, user, "Discord", address=address, request_id=request_id)
    if user.external_id in admin_ids:
        owner = BUILT_IN_ROLES[BuiltInRole.OWNER]
        give(uow, Actor.system("settings"), user, owner, Place(), reason="ADMIN_DISCORD_IDS")
    return to_user_view(user)


def note_sign_in(uow: UnitOfWork, user: User, way: str, *, address: str, request_id: str) -> None:
    """Write down that a person came in, and how."""
    user.last_seen_at = uow.clock.now()
    uow.session.flush()
    actor = Actor("user", str(user.id), request_id=request_id, address=address)
    record(uow, actor, "user.sign_in", user, after={"way": way})


def invite_person(uow: UnitOfWork, actor: Actor, external_id: int, *, name: str = "") -> UserView:
    """Make a place for a person who has not signed in yet, so that roles can be granted already.

    Raises:
        ForbiddenError: the actor manages people nowhere.
        UserExistsError: the person is here already.
        InvalidExternalIdError: as it says.
    """
    if not can_anywhere(actor, Permission.MEMBER_MANAGE):
        raise ForbiddenError(permission=Permission.MEMBER_MANAGE.value)
    profile = clean_profile(Profile(external_id, name))
    present = find_user_by_external_id(uow.session, external_id)
    if present is not None:
        # Whoever manages the members of one bot does not learn who else is here.
        raise UserExistsError(name=present.display_name if can(actor, Permission.SITE_ADMIN) else external_id)
    user = _find_or_add(uow, profile)
    record(uow, actor, "user.invite", user, after={"external_id": str(external_id)})
    return to_user_view(user)


def bring_person(uow: UnitOfWork, actor: Actor, external_id: int, *, name: str = "") -> UserView:
    """Find a person by the id on the platform, or make a place for them.

    Raises:
        ForbiddenError: the actor manages people nowhere.
        InvalidExternalIdError: as it says.
    """
    if not can_anywhere(actor, Permission.MEMBER_MANAGE):
        raise ForbiddenError(permission=Permission.MEMBER_MANAGE.value)
    present = find_user_by_external_id(uow.session, external_id)
    return present or invite_person(uow, actor, external_id, name=name)


def set_disabled(
    uow: UnitOfWork, actor: Actor, user_id: UUID, *, disabled: bool, version: int | None = None
) -> None:
    """Switch an account off, which ends all its sessions, or on again. What is so already stays.

    Args:
        uow: an open write unit.
        actor: who asks.
        user_id: the person.
        disabled: whether it will be off.
        version: the one the actor saw, when two people must not overwrite each other unseen.

    Raises:
        ForbiddenError, UserNotFoundError, LastOwnerError: as they say.
        VersionConflictError: somebody changed the account since; `stored` is how it is now.
    """
    require(actor, Permission.SITE_ADMIN)
    user = lock_user(uow, user_id)
    if version is not None and version != user.version:
        raise VersionConflictError(stored={"is_disabled": user.is_disabled})
    if user.is_disabled == disabled:
        return
    if disabled:
        require_another_owner(uow, user)
    user.is_disabled = disabled
    user.version += 1
    user.updated_at = uow.clock.now()
    end_sessions_of(uow, user)
    action = "user.disable" if disabled else "user.enable"
    record(uow, actor, action, user, before={"is_disabled": not disabled}, after={"is_disabled": disabled})
    uow.record(AccessChanged(user.id))


def save_preferences(uow: UnitOfWork, user_id: UUID, preferences: Preferences) -> None:
    """Keep how a person wants the panel.

    Raises:
        InvalidPreferencesError: one of them cannot be followed.
    """
    check_preferences(preferences)
    row = {
        "user_id": user_id,
        "theme": preferences.theme,
        "locale": preferences.locale,
        "time_zone": preferences.time_zone,
    }
    table = UserPreferences
    upsert(
        uow.session, table, [row], key=[table.user_id], update=[table.theme, table.locale, table.time_zone]
    )


def _find_or_add(uow: UnitOfWork, profile: Profile) -> User:
    now = uow.clock.now()
    row = {
        "id": new_id(),
        "external_id": profile.external_id,
        "name": profile.name,
        "display_name": profile.display_name,
        "avatar": profile.avatar,
        "is_disabled": False,
        "epoch": 0,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    # Two tabs may bring the same new person at one moment; both go on with one row.
    upsert(
        uow.session,
        User,
        [row],
        key=[User.external_id],
        update=[User.name, User.display_name, User.avatar, User.updated_at],
    )
    statement = select(User).where(User.external_id == profile.external_id).with_for_update()
    return uow.session.scalars(statement.execution_options(populate_existing=True)).one()

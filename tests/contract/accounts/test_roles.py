from uuid import UUID

import pytest
from sqlalchemy import update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import (
    BuiltInRoleError,
    DuplicateRoleError,
    GrantNotFoundError,
    InvalidRoleError,
    LastOwnerError,
    NotYoursToGiveError,
    RoleInUseError,
    RoleNotFoundError,
    UserNotFoundError,
)
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import Role
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.audit import queries as audit
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.kernel.errors import ForbiddenError, VersionConflictError
from tests.factories.access import make_actor
from tests.factories.accounts import SYSTEM, make_user
from tests.factories.bots import make_bot
from tests.fakes.events import Published

VIEWER, OWNER = BUILT_IN_ROLES[BuiltInRole.VIEWER].id, BUILT_IN_ROLES[BuiltInRole.OWNER].id


def make_role(uow: UnitOfWork, name: str = "Night watch", *permissions: str) -> UUID:
    return service.create_role(uow, SYSTEM, name=name, permissions=permissions or ("bot.view", "bot.create"))


def test_a_role_made_here_is_listed_after_the_built_in_ones(uow: UnitOfWork) -> None:
    role_id = make_role(uow)
    names = [role.name for role in queries.list_roles(uow.session)]
    assert names == ["Owner", "Manager", "Editor", "Operator", "Viewer", "Night watch"]
    role = queries.get_role(uow.session, role_id)
    assert role.permissions == {Permission.BOT_VIEW, Permission.BOT_CREATE}
    assert (role.built_in, role.version) == (None, 1)


@pytest.mark.parametrize("ref", ["OWNER", "owner", OWNER, str(OWNER)])
def test_a_role_is_found_by_name_and_key(uow: UnitOfWork, ref: UUID | str) -> None:
    assert queries.get_role(uow.session, ref).built_in is BuiltInRole.OWNER


def test_a_role_that_is_none_is_not_found(uow: UnitOfWork) -> None:
    for ref in ("", "night watch", UUID(int=404), "' OR 1=1 --"):
        with pytest.raises(RoleNotFoundError):
            queries.get_role(uow.session, ref)


def test_two_roles_have_two_names(uow: UnitOfWork) -> None:
    make_role(uow)
    other = make_role(uow, "Day watch")
    with pytest.raises(DuplicateRoleError):
        make_role(uow)
    with pytest.raises(DuplicateRoleError):
        service.edit_role(uow, SYSTEM, other, version=1, name="Night watch", permissions=["bot.view"])
    assert queries.get_role(uow.session, other).name == "Day watch"


def test_two_roles_differ_by_more_than_capitals(uow: UnitOfWork) -> None:
    role_id, other = make_role(uow, "Büro"), make_role(uow, "Day watch")
    with pytest.raises(DuplicateRoleError, match="a role called Büro already"):
        make_role(uow, "BÜRO")
    with pytest.raises(DuplicateRoleError):
        service.edit_role(uow, SYSTEM, other, version=1, name="büro", permissions=["bot.view"])
    service.edit_role(uow, SYSTEM, role_id, version=1, name="BÜRO", permissions=["bot.view"])
    assert queries.get_role(uow.session, role_id).name == "BÜRO"


def test_roles_that_differed_by_capitals_before_can_still_be_changed(uow: UnitOfWork) -> None:
    make_role(uow, "Ops")
    twin = make_role(uow, "Other")
    uow.session.execute(update(Role).where(Role.id == twin).values(name="ops"))
    service.edit_role(uow, SYSTEM, twin, version=1, name="ops", permissions=["log.view"])
    assert queries.get_role(uow.session, twin).permissions == {Permission.LOG_VIEW}


def test_an_edited_role_changes_what_its_people_may_do(uow: UnitOfWork, published: Published) -> None:
    role_id = make_role(uow)
    user = make_user(uow)
    service.grant_role(uow, SYSTEM, user_id=user.id, role_id=role_id)
    uow.commit()
    published.events.clear()
    service.edit_role(uow, SYSTEM, role_id, version=1, name="Watch", permissions=["log.view"])
    uow.commit()
    assert published.events == [AccessChanged(user.id)]
    assert queries.load_actor(uow.session, user.id).permissions == {Permission.LOG_VIEW}
    entry = audit.list_before(uow.session, limit=1)[0]
    assert (entry.before, entry.after) == (
        {"name": "Night watch", "description": "", "permissions": ["bot.create", "bot.view"]},
        {"name": "Watch", "description": "", "permissions": ["log.view"]},
    )


def test_a_role_that_somebody_changed_since_is_not_overwritten(uow: UnitOfWork) -> None:
    role_id = make_role(uow)
    service.edit_role(uow, SYSTEM, role_id, version=1, name="Watch", permissions=["bot.view"])
    with pytest.raises(VersionConflictError) as conflict:
        service.edit_role(uow, SYSTEM, role_id, version=1, name="Mine", permissions=["bot.view"])
    assert conflict.value.stored == {"name": "Watch", "description": "", "permissions": ["bot.view"]}


def test_a_role_that_somebody_has_is_not_deleted(uow: UnitOfWork) -> None:
    role_id, user = make_role(uow), make_user(uow)
    grant_id = service.grant_role(uow, SYSTEM, user_id=user.id, role_id=role_id)
    with pytest.raises(RoleInUseError, match="1"):
        service.delete_role(uow, SYSTEM, role_id)
    service.revoke_grant(uow, SYSTEM, grant_id)
    service.delete_role(uow, SYSTEM, role_id)
    assert queries.find_role(uow.session, role_id) is None


def test_built_in_roles_stay_as_they_are(uow: UnitOfWork) -> None:
    with pytest.raises(BuiltInRoleError):
        service.edit_role(uow, SYSTEM, OWNER, version=0, name="King", permissions=["bot.view"])
    with pytest.raises(BuiltInRoleError):
        service.delete_role(uow, SYSTEM, VIEWER)
    with pytest.raises(InvalidRoleError):
        make_role(uow, "Second owner", "bot.view", "site.admin")


def test_roles_are_made_by_managers_of_the_site_only(uow: UnitOfWork) -> None:
    role_id, manager = make_role(uow), make_actor(Permission.MEMBER_MANAGE, Permission.BOT_VIEW)
    with pytest.raises(ForbiddenError):
        service.create_role(uow, manager, name="Mine", permissions=["bot.view"])
    with pytest.raises(ForbiddenError):
        service.edit_role(uow, manager, role_id, version=1, name="Mine", permissions=["bot.view"])
    with pytest.raises(ForbiddenError):
        service.delete_role(uow, manager, role_id)


def test_a_grant_twice_is_one_grant(uow: UnitOfWork, published: Published) -> None:
    user, bot_id = make_user(uow), make_bot(uow.session).id
    given = [
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=VIEWER, bot_id=place)
        for place in (None, None, bot_id, bot_id)
    ]
    assert len(set(given)) == 2
    uow.commit()
    assert published.events == [AccessChanged(user.id)] * 2
    (on_bot,) = queries.list_grants(uow.session, bot_id=bot_id)
    assert (on_bot.user_id, on_bot.role.built_in, on_bot.granted_by) == (
        user.id,
        BuiltInRole.VIEWER,
        "system:tests",
    )


def test_a_manager_of_a_bot_gives_and_takes_there_what_it_holds(uow: UnitOfWork) -> None:
    bot_id, other = make_bot(uow.session).id, make_bot(uow.session, name="Other").id
    manager = Actor.user(
        UUID(int=1), bot_permissions={bot_id: BUILT_IN_ROLES[BuiltInRole.MANAGER].permissions}
    )
    user = make_user(uow, role=BuiltInRole.OWNER, bot_id=bot_id)
    given = service.grant_role(uow, manager, user_id=user.id, role_id=VIEWER, bot_id=bot_id)
    (owning,) = [each for each in queries.list_grants(uow.session, user_id=user.id) if each.id != given]
    with pytest.raises(NotYoursToGiveError):
        service.grant_role(uow, manager, user_id=user.id, role_id=OWNER, bot_id=bot_id)
    with pytest.raises(NotYoursToGiveError):
        service.revoke_grant(uow, manager, owning.id)
    for place in (other, None):
        with pytest.raises(ForbiddenError):
            service.grant_role(uow, manager, user_id=user.id, role_id=VIEWER, bot_id=place)
    service.revoke_grant(uow, manager, given)
    assert [each.id for each in queries.list_grants(uow.session, user_id=user.id)] == [owning.id]


def test_the_last_owner_keeps_the_role(uow: UnitOfWork) -> None:
    mara = make_user(uow, "mara", role=BuiltInRole.OWNER)
    (first,) = queries.list_grants(uow.session, user_id=mara.id)
    with pytest.raises(LastOwnerError, match="Mara"):
        service.revoke_grant(uow, SYSTEM, first.id)
    make_user(uow, "priya", role=BuiltInRole.OWNER)
    service.revoke_grant(uow, SYSTEM, first.id)
    assert queries.list_admin_names(uow.session) == ["Priya"]
    with pytest.raises(GrantNotFoundError):
        service.revoke_grant(uow, SYSTEM, first.id)


def test_what_is_not_there_is_said(uow: UnitOfWork) -> None:
    user = make_user(uow)
    with pytest.raises(UserNotFoundError):
        service.grant_role(uow, SYSTEM, user_id=UUID(int=404), role_id=VIEWER)
    with pytest.raises(RoleNotFoundError):
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=UUID(int=404))
    with pytest.raises(BotNotFoundError):
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=VIEWER, bot_id=UUID(int=404))
    with pytest.raises(RoleNotFoundError):
        service.delete_role(uow, SYSTEM, UUID(int=404))


def test_giving_and_taking_are_recorded_on_the_bot(uow: UnitOfWork) -> None:
    user, bot_id = make_user(uow), make_bot(uow.session).id
    grant_id = service.grant_role(uow, SYSTEM, user_id=user.id, role_id=VIEWER, bot_id=bot_id)
    service.revoke_grant(uow, SYSTEM, grant_id)
    uow.commit()
    taken, given = audit.list_before(uow.session, bot_id=bot_id)
    facts = {"name": "Ann", "role": "Viewer", "on": str(bot_id)}
    assert (given.action, given.before, given.after) == ("grant.give", None, facts)
    assert (taken.action, taken.before, taken.after) == ("grant.take", facts, None)

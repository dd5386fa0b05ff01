from uuid import UUID

import pytest

from socialcube.domain.access.types import BOT_PERMISSIONS, SITE_PERMISSIONS, Permission
from socialcube.domain.accounts.errors import InvalidRoleError, NotYoursToGiveError
from socialcube.domain.accounts.policy.roles import (
    BUILT_IN_ROLES,
    check_permissions,
    check_role_description,
    check_role_name,
    known_permissions,
)
from socialcube.domain.accounts.types import BuiltInRole
from tests.factories.access import make_actor, make_owner

BOT, OTHER = UUID(int=101), UUID(int=102)
PUBLISHING = {Permission.COMMAND_PUBLISH, Permission.AUTOMATION_PUBLISH}


def held(role: BuiltInRole) -> frozenset[Permission]:
    return BUILT_IN_ROLES[role].permissions


def test_the_owner_holds_everything_and_nobody_else_anything_of_the_site() -> None:
    assert held(BuiltInRole.OWNER) == frozenset(Permission)
    for role in set(BuiltInRole) - {BuiltInRole.OWNER}:
        assert not held(role) & SITE_PERMISSIONS


def test_each_role_can_do_what_its_name_says_and_no_more() -> None:
    assert BOT_PERMISSIONS - held(BuiltInRole.MANAGER) == {Permission.BOT_TOKEN, Permission.BOT_DELETE}
    assert Permission.COMMAND_EDIT in held(BuiltInRole.EDITOR)
    assert not held(BuiltInRole.EDITOR) & (PUBLISHING | {Permission.BOT_CONTROL, Permission.MEMBER_MANAGE})
    assert held(BuiltInRole.OPERATOR) - held(BuiltInRole.VIEWER) == {
        Permission.BOT_CONTROL,
        Permission.LOG_EXPORT,
    }
    assert all(permission.endswith(".view") for permission in held(BuiltInRole.VIEWER))


def test_roles_can_be_told_apart_by_id() -> None:
    assert len({role.id for role in BUILT_IN_ROLES.values()}) == len(BuiltInRole)


def test_permissions_of_a_new_role_are_taken_by_name() -> None:
    assert check_permissions(make_owner(), ["bot.view", "bot.create"]) == {
        Permission.BOT_VIEW,
        Permission.BOT_CREATE,
    }


@pytest.mark.parametrize("names", [[], ["site.admin"], ["bot.view", "site.admin"], ["bot.fly"], [""]])
def test_a_role_needs_known_permissions_and_never_manages_the_site(names: list[str]) -> None:
    with pytest.raises(InvalidRoleError):
        check_permissions(make_owner(), names)


def test_a_role_never_holds_what_its_maker_does_not() -> None:
    with pytest.raises(NotYoursToGiveError, match=r"bot\.token"):
        check_permissions(make_actor(Permission.SITE_ADMIN, Permission.BOT_VIEW), ["bot.view", "bot.token"])


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "Owner", " viewer ", "\u202e"])
def test_a_roles_name_is_short_and_its_own(name: str) -> None:
    with pytest.raises(InvalidRoleError):
        check_role_name(name)


def test_a_roles_words_are_kept_on_one_line() -> None:
    assert check_role_name(" Night\r\nwatch ") == "Night watch"
    assert check_role_description(" Restarts\nbots ") == "Restarts bots"
    with pytest.raises(InvalidRoleError):
        check_role_description("x" * 201)


def test_stored_permissions_of_another_version_give_nothing() -> None:
    assert known_permissions(["bot.view", "bot.teleport", 3]) == {Permission.BOT_VIEW}

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.access.policy import can, require, scope
from socialcube.domain.access.types import (
    BOT_PERMISSIONS,
    SITE_PERMISSIONS,
    Actor,
    Permission,
    Subject,
)
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.support.failures import failure_of

MINE, OTHERS = UUID(int=1), UUID(int=2)


def test_a_permission_on_the_site_holds_for_every_subject() -> None:
    actor = make_actor(Permission.BOT_VIEW)
    assert can(actor, Permission.BOT_VIEW)
    assert can(actor, Permission.BOT_VIEW, Subject.bot(MINE))
    assert can(actor, Permission.BOT_VIEW, Subject("system", "1"))


def test_a_permission_on_one_bot_holds_for_what_belongs_to_it() -> None:
    actor = make_actor(Permission.COMMAND_EDIT, bot_id=MINE)
    assert can(actor, Permission.COMMAND_EDIT, Subject("command", "1", MINE))


@pytest.mark.parametrize("subject", [None, Subject("system", "1"), Subject.bot(OTHERS)])
def test_a_permission_on_one_bot_holds_for_nothing_else(subject: Subject | None) -> None:
    assert not can(make_actor(Permission.COMMAND_EDIT, bot_id=MINE), Permission.COMMAND_EDIT, subject)


@pytest.mark.parametrize("permission", sorted(SITE_PERMISSIONS))
def test_a_grant_on_a_bot_never_reaches_the_site(permission: Permission) -> None:
    assert not can(make_actor(permission, bot_id=MINE), permission, Subject.bot(MINE))


@given(st.sampled_from(sorted(Permission)), st.frozensets(st.sampled_from(sorted(Permission))))
def test_an_actor_can_exactly_what_it_holds(permission: Permission, held: frozenset[Permission]) -> None:
    assert can(make_actor(*held), permission) == (permission in held)


def test_require_names_the_missing_permission() -> None:
    with pytest.raises(ForbiddenError) as caught:
        require(make_actor(), Permission.BOT_TOKEN, Subject.bot(MINE))
    assert "bot.token" in caught.value.message


def test_require_lets_pass_who_may() -> None:
    assert failure_of(require, make_actor(Permission.BOT_TOKEN), Permission.BOT_TOKEN) is None


def test_site_and_bot_permissions_part_them_all() -> None:
    assert set(Permission) == SITE_PERMISSIONS | BOT_PERMISSIONS
    assert not SITE_PERMISSIONS & BOT_PERMISSIONS


@pytest.mark.parametrize(
    ("actor", "text"),
    [
        (Actor.system("beat"), "system:beat"),
        (Actor.cli("root"), "cli:root"),
        (Actor.fleet(MINE), f"fleet:{MINE}"),
        (Actor("user", "ann"), "user:ann"),
    ],
)
def test_an_actor_shows_as_its_kind_and_id(actor: Actor, text: str) -> None:
    assert str(actor) == text


def test_our_own_processes_may_do_everything_but_runners_nothing() -> None:
    assert all(can(Actor.system("beat"), permission) for permission in Permission)
    assert all(can(Actor.cli("root"), permission) for permission in Permission)
    assert not any(can(Actor.fleet(MINE), permission, Subject.bot(MINE)) for permission in Permission)


def test_actors_can_be_kept_in_sets() -> None:
    assert len({make_actor(bot_id=MINE), make_actor(bot_id=MINE)}) == 1


def test_who_acts_is_the_same_in_every_request() -> None:
    actor = Actor.user(MINE, frozenset({Permission.BOT_VIEW}))
    same = replace(actor, request_id="r-1", address="10.0.0.7")
    assert (same, hash(same), str(same)) == (actor, hash(actor), f"user:{MINE}")


@given(st.sampled_from(sorted(Permission)))
def test_managing_a_server_gives_its_settings_there_and_nothing_else(permission: Permission) -> None:
    here, elsewhere = UUID(int=7), UUID(int=8)
    actor = replace(make_actor(), managed=frozenset({(MINE, here)}))
    opens = permission in {Permission.GUILD_VIEW, Permission.GUILD_EDIT}
    assert can(actor, permission, Subject.guild(MINE, here)) == opens
    assert not can(actor, permission, Subject.guild(MINE, elsewhere))
    assert not can(actor, permission, Subject.guild(OTHERS, here))
    assert not can(actor, permission, Subject.bot(MINE))
    assert not can(actor, permission)
    assert not scope(actor, permission)

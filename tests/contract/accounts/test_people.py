from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import (
    LastOwnerError,
    UserDisabledError,
    UserExistsError,
    UserNotFoundError,
)
from socialcube.domain.accounts.events import AccessChanged, SessionEnded
from socialcube.domain.accounts.types import BuiltInRole, Preferences, Profile, Theme
from socialcube.domain.audit import queries as audit
from socialcube.kernel.errors import ForbiddenError, VersionConflictError
from tests.factories.access import make_actor
from tests.factories.accounts import SYSTEM, make_profile, make_user
from tests.factories.bots import make_bot
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published


def test_a_person_is_known_by_id_whatever_the_name(uow: UnitOfWork, clock: FakeClock) -> None:
    first = service.sign_in(uow, Profile(1001, "mara", "Mara", "abc"))
    clock.advance(60)
    again = service.sign_in(uow, Profile(1001, "mara.l", "Mara Lind\u202e", None))
    assert again.id == first.id
    assert (again.name, again.display_name, again.avatar) == ("mara.l", "Mara Lind", None)
    assert again.last_seen_at == clock.now()
    assert again.created_at == first.created_at
    assert [user.id for user in queries.list_users(uow.session)] == [first.id]


def test_a_stranger_may_do_nothing(uow: UnitOfWork) -> None:
    user = make_user(uow, "theo")
    actor = queries.load_actor(uow.session, user.id)
    assert (actor.kind, actor.id, actor.permissions, actor.bot_permissions) == (
        "user",
        str(user.id),
        frozenset(),
        {},
    )
    assert not queries.has_admin(uow.session)


def test_a_sign_in_is_recorded_with_where_it_came_from(uow: UnitOfWork) -> None:
    user = service.sign_in(uow, make_profile(), address="2001:db8::1", request_id="r-1")
    uow.commit()
    (entry,) = audit.list_recent(uow.session)
    assert (entry.action, entry.actor, entry.subject_id) == ("user.sign_in", f"user:{user.id}", str(user.id))
    assert (entry.address, entry.request_id) == ("2001:db8::1", "r-1")


def test_people_of_the_setting_own_the_site_after_signing_in(uow: UnitOfWork) -> None:
    service.sign_in(uow, make_profile("jonas"), admin_ids=frozenset({1001}))
    assert queries.list_admin_names(uow.session) == []
    for _ in range(2):
        user = service.sign_in(uow, Profile(1001, "mara", "Mara"), admin_ids=frozenset({1001}))
    assert queries.list_admin_names(uow.session) == ["Mara"]
    assert len(queries.list_grants(uow.session, user_id=user.id)) == 1
    assert queries.load_actor(uow.session, user.id).permissions == frozenset(Permission)


def test_an_invited_person_has_a_place_before_signing_in(uow: UnitOfWork) -> None:
    invited = service.invite_person(uow, SYSTEM, 1002, name="Jonas")
    assert (invited.display_name, invited.last_seen_at) == ("Jonas", None)
    assert service.sign_in(uow, Profile(1002, "jonas")).id == invited.id
    with pytest.raises(UserExistsError):
        service.invite_person(uow, SYSTEM, 1002)


def test_only_who_manages_people_somewhere_invites(uow: UnitOfWork) -> None:
    with pytest.raises(ForbiddenError):
        service.invite_person(uow, make_actor(Permission.BOT_EDIT), 1002)
    on_one_bot = make_actor(Permission.MEMBER_MANAGE, bot_id=UUID(int=1))
    assert service.invite_person(uow, on_one_bot, 1002).name == "1002"


def test_a_disabled_person_is_out_at_once(uow: UnitOfWork, clock: FakeClock, published: Published) -> None:
    make_user(uow, "mara", role=BuiltInRole.OWNER)
    user = make_user(uow, "jonas", role=BuiltInRole.MANAGER, external_id=1002)
    kept = service.open_session(uow, user.id, token_hash="a" * 64)
    uow.commit()
    published.events.clear()
    service.set_disabled(uow, SYSTEM, user.id, disabled=True)
    uow.commit()
    assert published.events == [SessionEnded(kept.id, user.id), AccessChanged(user.id)]
    assert queries.find_session(uow.session, "a" * 64, clock.now()) is None
    assert not queries.load_actor(uow.session, user.id).permissions
    with pytest.raises(UserDisabledError, match="Jonas"):
        service.sign_in(uow, Profile(1002, "jonas", "Jonas"))
    with pytest.raises(UserDisabledError):
        service.open_session(uow, user.id, token_hash="b" * 64)


def test_an_enabled_person_comes_back_with_the_old_roles(uow: UnitOfWork) -> None:
    user = make_user(uow, role=BuiltInRole.VIEWER)
    for disabled in (True, False):
        service.set_disabled(uow, SYSTEM, user.id, disabled=disabled)
    assert Permission.BOT_VIEW in queries.load_actor(uow.session, user.id).permissions
    assert queries.get_user(uow.session, user.id).version == user.version + 2


def test_switching_off_needs_a_manager_of_the_site_and_the_version_seen(uow: UnitOfWork) -> None:
    user = make_user(uow)
    with pytest.raises(ForbiddenError):
        service.set_disabled(uow, make_actor(Permission.MEMBER_MANAGE), user.id, disabled=True)
    with pytest.raises(UserNotFoundError):
        service.set_disabled(uow, SYSTEM, UUID(int=404), disabled=True)
    with pytest.raises(VersionConflictError) as conflict:
        service.set_disabled(uow, SYSTEM, user.id, disabled=True, version=7)
    assert conflict.value.stored == {"is_disabled": False}


def test_the_last_owner_stays_on(uow: UnitOfWork) -> None:
    mara = make_user(uow, "mara", role=BuiltInRole.OWNER)
    priya = make_user(uow, "priya", role=BuiltInRole.OWNER)
    service.set_disabled(uow, SYSTEM, priya.id, disabled=True)
    with pytest.raises(LastOwnerError, match="Mara"):
        service.set_disabled(uow, SYSTEM, mara.id, disabled=True)
    assert queries.list_admin_names(uow.session) == ["Mara"]


def test_people_are_found_by_key_and_by_id_on_the_platform(uow: UnitOfWork) -> None:
    user = make_user(uow, external_id=1001)
    assert queries.get_user(uow.session, user.id) == queries.get_user(uow.session, 1001)
    assert queries.find_user(uow.session, UUID(int=404)) is None
    for nobody in (0, -5, 404, 1 << 70):
        with pytest.raises(UserNotFoundError):
            queries.get_user(uow.session, nobody)


def test_grants_fold_into_one_answer(uow: UnitOfWork) -> None:
    mine, other = make_bot(uow.session).id, make_bot(uow.session, name="Other").id
    user = make_user(uow, role=BuiltInRole.EDITOR, bot_id=mine)
    make_user(uow, "neighbour", role=BuiltInRole.OWNER)
    operator = queries.get_role(uow.session, "operator").id
    service.grant_role(uow, SYSTEM, user_id=user.id, role_id=operator, bot_id=mine)
    actor = queries.load_actor(uow.session, user.id)
    assert can(actor, Permission.COMMAND_EDIT, Subject.bot(mine))
    assert can(actor, Permission.BOT_CONTROL, Subject.bot(mine))
    assert not can(actor, Permission.BOT_VIEW, Subject.bot(other))
    assert actor.permissions == frozenset()


def test_an_owner_of_one_bot_never_manages_the_site(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session).id
    user = make_user(uow, role=BuiltInRole.OWNER, bot_id=bot_id)
    actor = queries.load_actor(uow.session, user.id)
    assert can(actor, Permission.BOT_DELETE, Subject.bot(bot_id))
    assert not can(actor, Permission.SITE_ADMIN, Subject.bot(bot_id))
    assert not queries.has_admin(uow.session)


def test_preferences_are_kept_for_their_person(uow: UnitOfWork) -> None:
    user, other = make_user(uow), make_user(uow, "bo")
    for theme in (Theme.LIGHT, Theme.DARK):
        service.save_preferences(uow, user.id, Preferences(theme, "de", "Europe/Zurich"))
    assert queries.get_preferences(uow.session, user.id) == Preferences(Theme.DARK, "de", "Europe/Zurich")
    assert queries.get_preferences(uow.session, other.id) == Preferences()


def test_everybody_is_listed_by_name(uow: UnitOfWork, clock: FakeClock) -> None:
    make_user(uow, "zoe")
    bo = make_user(uow, "bo")
    service.set_disabled(uow, SYSTEM, bo.id, disabled=True)
    assert [(user.name, user.is_disabled) for user in queries.list_users(uow.session)] == [
        ("bo", True),
        ("zoe", False),
    ]
    assert clock.now() - bo.created_at < timedelta(seconds=1)

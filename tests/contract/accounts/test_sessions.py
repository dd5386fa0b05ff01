from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import UserNotFoundError
from socialcube.domain.accounts.events import SessionEnded
from socialcube.domain.accounts.types import IDLE_TIME, SESSION_TIME, BuiltInRole, SessionView, UserView
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.accounts import SYSTEM, make_user
from tests.fakes.clock import START, FakeClock
from tests.fakes.events import Published

HASH = "a" * 64
MOMENT = timedelta(seconds=1)


@pytest.fixture
def user(uow: UnitOfWork) -> UserView:
    return make_user(uow)


@pytest.fixture
def opened(uow: UnitOfWork, user: UserView) -> SessionView:
    return service.open_session(uow, user.id, token_hash=HASH, address="10.0.0.7", agent="Firefox\r\n9")


def test_a_session_is_found_by_the_hash_of_its_token(uow: UnitOfWork, opened: SessionView) -> None:
    assert queries.find_session(uow.session, HASH, START) == opened
    assert (opened.address, opened.agent, opened.data) == ("10.0.0.7", "Firefox 9", {})
    assert (opened.signed_in_at, opened.expires_at) == (START, START + SESSION_TIME)
    assert queries.find_session(uow.session, "b" * 64, START) is None


def test_an_idle_session_ends(uow: UnitOfWork, opened: SessionView) -> None:
    assert opened.ends_at == START + IDLE_TIME
    assert queries.find_session(uow.session, HASH, START + IDLE_TIME - MOMENT)
    assert queries.find_session(uow.session, HASH, START + IDLE_TIME) is None


def test_use_keeps_a_session_alive_until_its_last_day(
    uow: UnitOfWork, opened: SessionView, user: UserView
) -> None:
    now = START
    while now + IDLE_TIME < opened.expires_at:
        now += IDLE_TIME - MOMENT
        assert service.save_session(uow, opened.id, {"page": "bots"}, now)
    found = queries.find_session(uow.session, HASH, opened.expires_at - MOMENT)
    assert found is not None
    assert (found.data, found.last_seen_at, found.ends_at) == ({"page": "bots"}, now, opened.expires_at)
    assert queries.get_user(uow.session, user.id).last_seen_at == now
    assert queries.find_session(uow.session, HASH, opened.expires_at) is None


def test_an_ended_session_does_not_come_back(
    uow: UnitOfWork, opened: SessionView, user: UserView, published: Published
) -> None:
    me = Actor.user(user.id)
    assert service.end_session(uow, me, opened.id)
    assert not service.end_session(uow, me, opened.id)
    assert not service.save_session(uow, opened.id, {"late": True}, START)
    uow.commit()
    assert queries.find_session(uow.session, HASH, START) is None
    assert published.events == [SessionEnded(opened.id, user.id)]


def test_sessions_of_others_are_for_managers_of_the_site(
    uow: UnitOfWork, opened: SessionView, user: UserView
) -> None:
    other = make_actor(Permission.MEMBER_MANAGE)
    with pytest.raises(ForbiddenError):
        service.end_session(uow, other, opened.id)
    with pytest.raises(ForbiddenError):
        service.end_all_sessions(uow, other, user.id)
    assert service.end_session(uow, make_actor(Permission.SITE_ADMIN), opened.id)


def test_all_sessions_of_a_person_end_and_no_others(
    uow: UnitOfWork, opened: SessionView, user: UserView, published: Published
) -> None:
    second = service.open_session(uow, user.id, token_hash="b" * 64)
    neighbour = make_user(uow, "bo")
    service.open_session(uow, neighbour.id, token_hash="c" * 64)
    assert service.end_all_sessions(uow, Actor.user(user.id), user.id) == 2
    uow.commit()
    assert set(published.events) == {SessionEnded(opened.id, user.id), SessionEnded(second.id, user.id)}
    assert queries.list_sessions(uow.session, user.id, START) == []
    assert len(queries.list_sessions(uow.session, neighbour.id, START)) == 1
    # A session opened after that belongs to the new epoch and lives.
    service.open_session(uow, user.id, token_hash="d" * 64)
    assert queries.find_session(uow.session, "d" * 64, START)


def test_where_a_person_is_signed_in_is_listed_last_used_first(
    uow: UnitOfWork, opened: SessionView, user: UserView
) -> None:
    second = service.open_session(uow, user.id, token_hash="b" * 64)
    later = START + timedelta(minutes=5)
    service.save_session(uow, opened.id, {}, later)
    listed = queries.list_sessions(uow.session, user.id, later)
    assert [session.id for session in listed] == [opened.id, second.id]


def test_sessions_that_are_over_are_deleted(
    uow: UnitOfWork, opened: SessionView, user: UserView, clock: FakeClock
) -> None:
    clock.advance(3600)
    second = service.open_session(uow, user.id, token_hash="b" * 64)
    service.make_login_link(uow, SYSTEM, user.id)
    clock.advance(IDLE_TIME.total_seconds() - 3600)
    assert service.delete_expired(uow) == 1
    assert [each.id for each in queries.list_sessions(uow.session, user.id, clock.now())] == [second.id]
    assert not service.save_session(uow, opened.id, {}, clock.now())


def test_nobody_has_no_session(uow: UnitOfWork) -> None:
    with pytest.raises(UserNotFoundError):
        service.open_session(uow, UUID(int=404), token_hash=HASH)


def test_several_people_are_looked_up_at_once(uow: UnitOfWork, opened: SessionView, user: UserView) -> None:
    other, off = make_user(uow, "ben", role=BuiltInRole.OWNER), make_user(uow, "eve", role=BuiltInRole.OWNER)
    service.open_session(uow, off.id, token_hash="c" * 64)
    service.set_disabled(uow, SYSTEM, off.id, disabled=True)
    people = [user.id, other.id, off.id]
    browsers = queries.list_session_ids(uow.session, people, START)
    assert browsers == {user.id: {opened.id}, other.id: frozenset(), off.id: frozenset()}
    actors = queries.load_actors(uow.session, people)
    assert actors == {user_id: queries.load_actor(uow.session, user_id) for user_id in people}
    assert actors[other.id].permissions == frozenset(Permission)
    assert not actors[off.id].permissions

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import CodeRefusedError, LastOwnerError, SetupClosedError
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.service.changes import lock_user
from socialcube.domain.accounts.types import BuiltInRole
from tests.contract.domain.conftest import Race
from tests.factories.accounts import SYSTEM, make_profile, make_user
from tests.support.databases import Database


def store_users(database: Database, *names: str, role: BuiltInRole | None = None) -> list[UUID]:
    with database.unit() as uow:
        ids = [make_user(uow, name, role=role).id for name in names]
        uow.commit()
    return ids


def test_of_several_who_use_one_setup_code_one_becomes_owner(database: Database, race: Race) -> None:
    people = store_users(database, "ann", "bo", "cy", "di")
    with database.unit() as uow:
        code = service.make_setup_code(uow, SYSTEM)
        uow.commit()
    assert code is not None
    text = code.reveal()
    results = race(people, lambda uow, user_id: service.use_setup_code(uow, user_id, text))
    assert results.count(None) == 1
    assert all(isinstance(each, CodeRefusedError | SetupClosedError) for each in results if each is not None)
    with database.reads() as session:
        assert len(queries.list_admin_names(session)) == 1


def test_of_several_browsers_that_use_one_link_one_gets_in(database: Database, race: Race) -> None:
    (user_id,) = store_users(database, "ann")
    with database.unit() as uow:
        code = service.make_login_link(uow, SYSTEM, user_id).reveal()
        uow.commit()
    results = race(range(4), lambda uow, _: service.use_login_link(uow, code).id)
    assert results.count(user_id) == 1
    assert sum(isinstance(each, CodeRefusedError) for each in results) == 3


def test_owners_who_remove_each_other_leave_one(database: Database, race: Race) -> None:
    people = store_users(database, "ann", "bo", "cy", role=BuiltInRole.OWNER)
    with database.reads() as session:
        grants = [queries.list_grants(session, user_id=user_id)[0].id for user_id in people]

    def remove(uow: UnitOfWork, number: int) -> None:
        if number == 0:
            service.set_disabled(uow, SYSTEM, people[0], disabled=True)
        else:
            service.revoke_grant(uow, SYSTEM, grants[number])

    results = race(range(3), remove)
    assert results.count(None) == 2
    assert sum(isinstance(each, LastOwnerError) for each in results) == 1
    with database.reads() as session:
        assert len(queries.list_admin_names(session)) == 1


@pytest.mark.parametrize("change", ["use", "end"])
def test_a_session_in_use_never_keeps_all_of_them_from_being_ended(database: Database, change: str) -> None:
    (user_id,) = store_users(database, "ann")
    with database.unit() as uow:
        session_id = service.open_session(uow, user_id, token_hash="1" * 64).id
        uow.commit()
    begun = Event()

    def meanwhile() -> bool:
        begun.set()
        with database.unit() as uow:
            if change == "use":
                done = service.save_session(uow, session_id, {}, uow.clock.now())
            else:
                done = service.end_session(uow, SYSTEM, session_id)
            uow.commit()
        return done

    with ThreadPoolExecutor(1) as pool, database.unit() as uow:
        lock_user(uow, user_id)
        other = pool.submit(meanwhile)
        begun.wait()
        # Time for the other one to take whatever it takes first.
        with suppress(TimeoutError):
            other.result(0.3)
        assert service.end_all_sessions(uow, SYSTEM, user_id) == 1
        uow.commit()
        assert other.result(10) is False


def test_a_new_person_in_several_tabs_is_one_person(race: Race) -> None:
    profile = make_profile(external_id=1001)
    results = race(range(4), lambda uow, _: service.sign_in(uow, profile).id)
    assert len(set(results)) == 1
    assert all(isinstance(each, UUID) for each in results)


def test_equal_grants_at_once_are_one_grant(database: Database, race: Race) -> None:
    (user_id,) = store_users(database, "ann")
    role_id = BUILT_IN_ROLES[BuiltInRole.VIEWER].id
    results = race(range(4), lambda uow, _: service.grant_role(uow, SYSTEM, user_id=user_id, role_id=role_id))
    assert len(set(results)) == 1
    with database.reads() as session:
        assert len(queries.list_grants(session)) == 1

from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import CodeRefusedError, LastOwnerError, SetupClosedError
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
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

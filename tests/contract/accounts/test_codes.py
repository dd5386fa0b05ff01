from uuid import UUID

import pytest
from sqlalchemy import text

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import CodeRefusedError, SetupClosedError, UserDisabledError
from socialcube.domain.accounts.types import LOGIN_LINK_TIME, SETUP_CODE_TIME, BuiltInRole, UserView
from socialcube.domain.audit import queries as audit
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.accounts import SYSTEM, make_user
from tests.fakes.clock import FakeClock


@pytest.fixture
def user(uow: UnitOfWork) -> UserView:
    return make_user(uow)


def make_setup_code(uow: UnitOfWork) -> str:
    code = service.make_setup_code(uow, SYSTEM)
    assert code is not None
    return code.reveal()


def test_a_setup_code_makes_the_first_owner_once(uow: UnitOfWork, user: UserView) -> None:
    code = make_setup_code(uow)
    service.use_setup_code(uow, user.id, code.lower().replace("-", " "), address="10.0.0.7")
    assert queries.load_actor(uow.session, user.id).permissions == frozenset(Permission)
    assert service.make_setup_code(uow, SYSTEM) is None
    with pytest.raises(SetupClosedError):
        service.use_setup_code(uow, make_user(uow, "bo").id, code)
    uow.commit()
    actions = {entry.action: entry for entry in audit.list_recent(uow.session)}
    assert {"code.setup.make", "code.setup.use", "grant.give"} <= set(actions)
    assert actions["code.setup.use"].address == "10.0.0.7"


def test_a_code_stands_nowhere_in_the_database(uow: UnitOfWork, user: UserView) -> None:
    codes = [make_setup_code(uow), service.make_login_link(uow, SYSTEM, user.id).reveal()]
    uow.commit()
    rows = [
        repr(uow.session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - our own names
        for table in ("one_time_codes", "audit_logs", "users")
    ]
    for code in codes:
        assert code not in "".join(rows)
        assert code.replace("-", "") not in "".join(rows)


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "x" * 100_000, "\0", "' OR 1=1 --"])
def test_a_wrong_code_is_refused(uow: UnitOfWork, user: UserView, code: str) -> None:
    make_setup_code(uow)
    with pytest.raises(CodeRefusedError):
        service.use_setup_code(uow, user.id, code)
    with pytest.raises(CodeRefusedError):
        service.use_login_link(uow, code)
    assert not queries.has_admin(uow.session)


def test_a_new_setup_code_ends_the_older_one(uow: UnitOfWork, user: UserView) -> None:
    old, new = make_setup_code(uow), make_setup_code(uow)
    with pytest.raises(CodeRefusedError):
        service.use_setup_code(uow, user.id, old)
    service.use_setup_code(uow, user.id, new)


def test_a_setup_code_is_good_for_a_day(uow: UnitOfWork, user: UserView, clock: FakeClock) -> None:
    code = make_setup_code(uow)
    clock.advance(SETUP_CODE_TIME.total_seconds())
    with pytest.raises(CodeRefusedError):
        service.use_setup_code(uow, user.id, code)


def test_a_site_whose_only_owner_is_off_can_be_set_up_again(uow: UnitOfWork, user: UserView) -> None:
    owner = make_user(uow, "mara", role=BuiltInRole.OWNER)
    uow.session.execute(text("UPDATE users SET is_disabled = true WHERE name = 'mara'"))
    assert queries.find_user(uow.session, owner.id)
    service.use_setup_code(uow, user.id, make_setup_code(uow))
    assert queries.list_admin_names(uow.session) == ["Ann"]


def test_a_login_link_signs_its_person_in_once(uow: UnitOfWork, user: UserView, clock: FakeClock) -> None:
    make_user(uow, "bo")
    code = service.make_login_link(uow, SYSTEM, user.id).reveal()
    clock.advance(60)
    found = service.use_login_link(uow, code, address="10.0.0.7")
    assert (found.id, found.last_seen_at) == (user.id, clock.now())
    with pytest.raises(CodeRefusedError):
        service.use_login_link(uow, code)
    uow.commit()
    entry = audit.list_before(uow.session, limit=1)[0]
    assert (entry.action, entry.after) == ("user.sign_in", {"name": "Ann", "way": "login link"})


def test_a_login_link_is_good_for_a_quarter_of_an_hour(
    uow: UnitOfWork, user: UserView, clock: FakeClock
) -> None:
    code = service.make_login_link(uow, SYSTEM, user.id).reveal()
    clock.advance(LOGIN_LINK_TIME.total_seconds())
    with pytest.raises(CodeRefusedError):
        service.use_login_link(uow, code)


def test_a_new_login_link_ends_the_older_one_of_that_person(uow: UnitOfWork, user: UserView) -> None:
    other = make_user(uow, "bo")
    kept = service.make_login_link(uow, SYSTEM, other.id).reveal()
    old = service.make_login_link(uow, SYSTEM, user.id).reveal()
    service.make_login_link(uow, SYSTEM, user.id)
    with pytest.raises(CodeRefusedError):
        service.use_login_link(uow, old)
    assert service.use_login_link(uow, kept).id == other.id


def test_a_code_is_good_for_its_purpose_only(uow: UnitOfWork, user: UserView) -> None:
    with pytest.raises(CodeRefusedError):
        service.use_login_link(uow, make_setup_code(uow))
    link = service.make_login_link(uow, SYSTEM, user.id).reveal()
    with pytest.raises(CodeRefusedError):
        service.use_setup_code(uow, user.id, link)


def test_links_are_made_by_managers_of_the_site_for_people_who_may_come(
    uow: UnitOfWork, user: UserView
) -> None:
    with pytest.raises(ForbiddenError):
        service.make_login_link(uow, make_actor(Permission.MEMBER_MANAGE), user.id)
    code = service.make_login_link(uow, SYSTEM, user.id).reveal()
    service.set_disabled(uow, SYSTEM, user.id, disabled=True)
    with pytest.raises(UserDisabledError):
        service.use_login_link(uow, code)
    with pytest.raises(UserDisabledError):
        service.make_login_link(uow, SYSTEM, user.id)


def test_a_setup_code_is_for_people_who_are_here(uow: UnitOfWork) -> None:
    with pytest.raises(Exception, match="no person"):
        service.use_setup_code(uow, UUID(int=404), make_setup_code(uow))

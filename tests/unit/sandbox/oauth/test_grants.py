"""Codes, tickets and tokens, with a clock that the test turns."""

import pytest

from socialcube.sandbox.oauth.grants import Grants, InvalidGrantError, Request
from tests.fakes.clock import FakeClock

ADDRESS = "http://127.0.0.1:5000/back"
ASKED = Request(6001, ADDRESS, ("identify",), "state", "")


@pytest.fixture
def grants(clock: FakeClock) -> Grants:
    return Grants(clock)


def test_ticket_works_once_and_for_ten_minutes(grants: Grants, clock: FakeClock) -> None:
    first, second = grants.ask(ASKED), grants.ask(ASKED)
    assert grants.answer(first) is ASKED
    assert grants.answer(first) is None
    clock.advance(601)

    assert grants.answer(second) is None


def test_code_works_for_ten_minutes(grants: Grants, clock: FakeClock) -> None:
    early, late = grants.allow(ASKED, 1001), grants.allow(ASKED, 1001)
    clock.advance(599)
    assert grants.redeem(6001, early, ADDRESS, "").user_id == 1001
    clock.advance(2)

    with pytest.raises(InvalidGrantError, match='Invalid "code"'):
        grants.redeem(6001, late, ADDRESS, "")


def test_code_is_used_up_by_a_wrong_try(grants: Grants) -> None:
    code = grants.allow(ASKED, 1001)

    with pytest.raises(InvalidGrantError, match="redirect_uri"):
        grants.redeem(6001, code, ADDRESS + "/", "")
    with pytest.raises(InvalidGrantError, match="code"):
        grants.redeem(6001, code, ADDRESS, "")


def test_code_belongs_to_its_application(grants: Grants) -> None:
    code = grants.allow(ASKED, 1001)

    with pytest.raises(InvalidGrantError):
        grants.redeem(6002, code, ADDRESS, "")


def test_access_token_lives_a_week(grants: Grants, clock: FakeClock) -> None:
    grant = grants.redeem(6001, grants.allow(ASKED, 1001), ADDRESS, "")
    clock.advance(604_799)
    assert grants.find(grant.access_token) is grant
    clock.advance(2)

    assert grants.find(grant.access_token) is None


def test_only_its_application_revokes_or_refreshes(grants: Grants) -> None:
    grant = grants.redeem(6001, grants.allow(ASKED, 1001), ADDRESS, "")
    grants.revoke(6002, grant.access_token)
    assert grants.find(grant.access_token) is grant
    with pytest.raises(InvalidGrantError):
        grants.refresh(6002, grant.refresh_token)
    grants.revoke(6001, grant.refresh_token)

    assert grants.find(grant.access_token) is None


def test_clear_ends_everything(grants: Grants) -> None:
    ticket, code = grants.ask(ASKED), grants.allow(ASKED, 1001)
    grants.clear()

    assert grants.answer(ticket) is None
    with pytest.raises(InvalidGrantError):
        grants.redeem(6001, code, ADDRESS, "")

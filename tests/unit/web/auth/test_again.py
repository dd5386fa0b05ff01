"""What is dangerous asks for a recent sign-in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from socialcube.domain.accounts.types import FORM_TIME, RECENT_TIME
from tests.factories.bots import make_bot
from tests.support.routes import list_doors
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.auth.test_pages import login_code
from tests.unit.web.conftest import Site

DANGEROUS = re.compile(
    r"/(?:grants|roles|groups|invites|members|managers|token|secrets|api-keys|token-keys)(?:/|$)"
    r"|/restore$|/<uuid:bot_id>/delete$|/people/(?:new|edit)/"
)
QUICK = {
    "new_bot.check": "a token that was just made, for a bot that is not here yet",
    "api_keys.delete_view": "ends a key",
    "api_keys.action_view": "ends keys",
}
"""Addresses that look dangerous, and why they are not."""


@pytest.fixture
def client(site: Site) -> SignedInClient:
    """Give an owner who proved a while ago who they are."""
    return sign_in(site.app, signed_in_at=site.clock.now() - RECENT_TIME)


def test_a_form_is_not_opened_in_vain(client: SignedInClient) -> None:
    answer = client.get("/admin/roles/new/?a=b")
    assert (answer.status_code, answer.location) == (302, "/login/again?next=/admin/roles/new/?a%3Db")
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Prove it is you" in page.text
    assert "users login-link" in page.text


def test_a_form_opens_only_with_time_to_fill_it_in(site: Site) -> None:
    young = site.clock.now() - RECENT_TIME + FORM_TIME
    client = sign_in(site.app, signed_in_at=young + timedelta(seconds=1))
    assert client.get("/admin/roles/new/").status_code == 200
    site.clock.advance(1)
    assert client.get("/admin/roles/new/").status_code == 302
    form = {"name": "Greeter", "permissions": "bot.view"}
    site.clock.advance(FORM_TIME.total_seconds() - 1)
    assert client.post("/admin/roles/new/", data=form).location == "/admin/roles/"


def test_what_comes_too_late_changes_nothing_and_shows_the_way_back(
    site: Site, client: SignedInClient
) -> None:
    form = {"name": "Greeter", "permissions": "bot.view"}
    answer = client.post(
        "/admin/roles/new/", data=form, headers={"Referer": "http://localhost/admin/roles/new/?a=b"}
    )
    assert answer.status_code == 401
    assert "Nothing was changed yet" in answer.text
    assert 'href="/login/again?next=/admin/roles/new/?a%3Db"' in answer.text
    assert "Greeter" not in sign_in(site.app, name="Priya").get("/admin/roles/").text


def test_a_script_learns_where_to_go(site: Site, client: SignedInClient) -> None:
    with site.unit() as uow:
        bot_id = make_bot(uow.session).id
        uow.commit()
    headers = {"Accept": "application/json", "Referer": "https://evil.example/admin/"}
    error = client.post(f"/admin/bots/{bot_id}/members", headers=headers).get_json()["error"]
    assert error["code"] == "recent_sign_in_needed"
    assert error["url"] == "/login/again?next=/"


def test_whoever_lacks_the_permission_is_not_asked_for_more(site: Site) -> None:
    client = sign_in(site.app, name="Jonas", role="viewer", signed_in_at=site.clock.now() - RECENT_TIME)
    assert client.get("/admin/roles/new/").status_code == 403
    assert client.post("/admin/roles/new/").status_code == 403


def test_a_clock_that_was_turned_back_makes_no_proof_young(site: Site) -> None:
    client = sign_in(site.app, signed_in_at=site.clock.now() + timedelta(hours=1))
    assert client.get("/admin/roles/new/").status_code == 302


def test_a_login_link_is_a_proof_while_discord_is_away(site: Site, client: SignedInClient) -> None:
    code = login_code(site, client)
    assert client.post(f"/login/link/{code}").status_code == 302
    assert client.get("/admin/roles/new/").status_code == 200


def test_whoever_proved_it_just_now_is_led_on(site: Site) -> None:
    client = sign_in(site.app)
    assert client.get("/login/again?next=/admin/roles/new/").location == "/admin/roles/new/"
    assert client.get("/login/again?next=//evil.example").location == "/"


def test_asvs_3_3_2_the_cookie_of_a_proof_never_comes_from_another_site(client: SignedInClient) -> None:
    cookie = client.get("/login/again?next=/").headers["Set-Cookie"]
    assert cookie.startswith("sc-again=")
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie
    # A second tab goes on with the cookie of the first.
    assert "Set-Cookie" not in client.get("/login/again?next=/").headers


def test_without_that_cookie_nobody_is_sent_to_discord(client: SignedInClient) -> None:
    answer = client.get("/login/again/discord?next=/admin/", base_url="http://127.0.0.1:5000")
    assert answer.location.startswith("/login")


def test_a_proof_that_nobody_gave_counts_for_nothing(site: Site, client: SignedInClient) -> None:
    client.get("/login/again?next=/")
    assert client.post("/login/again").status_code == 400
    with site.services.shared.reads() as session:
        statement = "SELECT count(*) FROM audit_logs WHERE action = 'user.sign_in_again'"
        assert session.execute(text(statement)).scalar_one() == 0


def test_asvs_7_5_1_tokens_roles_keys_and_people_ask_for_a_recent_sign_in(site: Site) -> None:
    dangerous = [
        door
        for door in list_doors(site.app)
        if door.unsafe_methods and DANGEROUS.search(door.path_rule) and door.endpoint not in QUICK
    ]
    assert len(dangerous) > 20
    assert [door.path_rule for door in dangerous if not door.asks_recent] == []


def test_defence_asks_for_no_proof(site: Site) -> None:
    """Stopping, ending and revoking must be quick, also at somebody else's screen."""
    asking = {door.endpoint for door in list_doors(site.app) if door.asks_recent}
    assert not asking & {"bot.stop", "bot.report_leak", "account.end_session", "account.end_others", *QUICK}

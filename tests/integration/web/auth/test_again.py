"""Proving again who one is, through the real consent page."""

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text

from socialcube.web.context import services_of
from tests.integration.web.auth.conftest import MakeVisitor
from tests.integration.web.auth.visitors import JONAS, MARA, PUBLIC_URL, Visitor, query_of

WANTED = "/admin/roles/new/"
WANTED_PAGE = "/admin/bots/new"
"""Any page of the panel with a form: its CSRF token is the session's."""


@pytest.fixture
def mara(visitor: Visitor, app: Flask) -> Visitor:
    """Give an owner who signed in an hour ago."""
    visitor.sign_in()
    age(app)
    return visitor


def age(app: Flask) -> None:
    with services_of(app).shared.engine.begin() as connection:
        connection.execute(text("UPDATE user_sessions SET signed_in_at = '2026-01-01 00:00:00.000000'"))


def rows(app: Flask, statement: str) -> list[tuple[object, ...]]:
    with services_of(app).shared.reads() as session:
        return [tuple(row) for row in session.execute(text(statement))]


def leave_again(visitor: Visitor) -> str:
    """Press the button of the page that asks. Gives the address of Discord's consent page."""
    asked = visitor.get(WANTED)
    assert query_of(asked.location) == {"next": WANTED}
    page = visitor.get(asked.location).text
    assert "Prove it is you" in page
    answer = visitor.get(f"/login/again/discord?{urlencode({'next': WANTED})}")
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_the_same_session_goes_on_under_a_new_token(mara: Visitor, app: Flask) -> None:
    before, session = mara.cookie, rows(app, "SELECT id FROM user_sessions")
    consent = leave_again(mara)
    assert query_of(consent)["prompt"] == "consent"
    page = mara.get(mara.allow(consent))
    assert "Discord says so" in page.text
    assert mara.cookie == before

    answer = mara.post("/login/again", page=WANTED_PAGE)
    assert (answer.status_code, answer.location) == (303, WANTED)
    assert mara.get(WANTED).status_code == 200
    assert rows(app, "SELECT id FROM user_sessions") == session
    assert len(rows(app, "SELECT 1 FROM audit_logs WHERE action = 'user.sign_in_again'")) == 1
    after, mara.cookie = mara.cookie, before
    assert before != after
    assert not mara.is_signed_in()


def test_asvs_7_5_1_leading_a_browser_through_the_sign_in_proves_nothing(mara: Visitor, app: Flask) -> None:
    before = rows(app, "SELECT id, token_hash, signed_in_at FROM user_sessions")
    answer = mara.get(f"/login/discord?{urlencode({'next': WANTED})}")
    assert (answer.status_code, answer.location) == (302, WANTED)
    assert mara.get("/login/discord?next=https://evil.example").location == "/"
    assert mara.get("/login/discord?moved=1").location == "/"
    assert mara.get(WANTED).location.startswith("/login/again?")
    assert rows(app, "SELECT id, token_hash, signed_in_at FROM user_sessions") == before


def test_asvs_7_5_1_a_sign_in_that_began_before_the_session_proves_nothing(
    visitor: Visitor, app: Flask
) -> None:
    late = visitor.leave(WANTED)
    visitor.sign_in()
    age(app)
    before, cookie = rows(app, "SELECT id, token_hash, signed_in_at FROM user_sessions"), visitor.cookie
    assert visitor.get(visitor.allow(late)).location == WANTED
    assert visitor.get(WANTED).location.startswith("/login/again?")
    assert rows(app, "SELECT id, token_hash, signed_in_at FROM user_sessions") == before
    assert visitor.cookie == cookie


def test_nobody_is_signed_in_over_somebody_else(visitor: Visitor, app: Flask) -> None:
    late = visitor.leave()
    visitor.sign_in()
    before = rows(app, "SELECT id, user_id, token_hash FROM user_sessions")
    answer = visitor.get(visitor.allow(late, JONAS))
    assert answer.status_code == 403
    assert "you are signed in here as Mara" in answer.text
    assert "sign out here first" in answer.text
    assert rows(app, "SELECT id, user_id, token_hash FROM user_sessions") == before


def test_after_signing_out_the_sign_in_is_a_proof_again(mara: Visitor) -> None:
    mara.post("/logout", page=WANTED_PAGE)
    assert mara.sign_in(wanted=WANTED).location == WANTED
    assert mara.get(WANTED).status_code == 200


def test_a_proof_under_another_name_is_asked_for_under_the_public_one(mara: Visitor) -> None:
    elsewhere = "http://localhost:5000"
    mara.client.set_cookie("sc", mara.cookie, domain="localhost")
    asked = f"/login/again/discord?{urlencode({'next': WANTED})}"
    moved = mara.client.get(asked, base_url=elsewhere).location
    assert moved == f"{PUBLIC_URL}/login/again/discord?{urlencode({'next': WANTED, 'moved': 1})}"
    # Without the cookie of our own page it leads there, and not to Discord.
    assert mara.get(moved.removeprefix(PUBLIC_URL)).location == f"/login/again?next={WANTED}"
    mara.client.get("/login/again", base_url=elsewhere)
    behind_a_proxy = mara.client.get(f"{asked}&moved=1", base_url=elsewhere).location
    assert query_of(behind_a_proxy)["prompt"] == "consent"


def test_another_person_is_refused_and_noted(mara: Visitor, app: Flask) -> None:
    answer = mara.get(mara.allow(leave_again(mara), JONAS))
    assert answer.status_code == 403
    assert "you are signed in here as Mara" in answer.text
    assert mara.post("/login/again", page=WANTED_PAGE).status_code == 400
    assert mara.get(WANTED).status_code == 302
    assert len(rows(app, "SELECT 1 FROM audit_logs WHERE action = 'user.sign_in_again.refuse'")) == 1


def test_asvs_3_3_2_an_answer_counts_only_with_the_strict_cookie(mara: Visitor) -> None:
    mara.get(mara.allow(leave_again(mara)))
    # What a browser leaves out when another site sends the form.
    mara.client.delete_cookie("sc-again", domain="127.0.0.1")
    assert mara.post("/login/again", page=WANTED_PAGE).status_code == 400
    assert mara.get(WANTED).status_code == 302


def test_an_answer_belongs_to_the_session_that_asked(mara: Visitor, make_visitor: MakeVisitor) -> None:
    other = make_visitor()
    other.sign_in(MARA)
    back = mara.allow(leave_again(mara))
    assert other.get(back).status_code == 400
    mara.get(back)
    stolen = mara.client.get_cookie("sc-again", domain="127.0.0.1")
    assert stolen is not None
    other.client.set_cookie("sc-again", stolen.value, domain="127.0.0.1")
    assert other.post("/login/again", page=WANTED_PAGE).status_code == 400


def test_an_answer_counts_once(mara: Visitor, app: Flask) -> None:
    mara.get(mara.allow(leave_again(mara)))
    cookie = mara.client.get_cookie("sc-again", domain="127.0.0.1")
    assert cookie is not None
    mara.post("/login/again", page=WANTED_PAGE)
    age(app)
    mara.client.set_cookie("sc-again", cookie.value, domain="127.0.0.1")
    assert mara.post("/login/again", page=WANTED_PAGE).status_code == 400


def test_nobody_signs_in_this_way(visitor: Visitor, mara: Visitor, make_visitor: MakeVisitor) -> None:
    stranger = make_visitor()
    assert stranger.get("/login/again?next=/admin/").location.startswith("/login?")
    assert stranger.get("/login/again/discord").location.startswith("/login?")
    back = mara.allow(leave_again(mara))
    mara.client.delete_cookie("sc", domain="127.0.0.1")
    assert visitor.get(back).status_code in {400, 401}
    assert not visitor.is_signed_in()

"""Proving again who one is, through the real consent page."""

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text

from socialcube.web.context import services_of
from tests.integration.web.auth.conftest import MakeVisitor
from tests.integration.web.auth.visitors import JONAS, MARA, Visitor, query_of

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

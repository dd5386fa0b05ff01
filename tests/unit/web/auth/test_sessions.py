from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import flash, get_flashed_messages, session
from flask.testing import FlaskClient
from sqlalchemy import event

from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.events import SessionEnded
from socialcube.domain.accounts.types import IDLE_TIME, SESSION_TIME, SessionView
from socialcube.infra.control_bus import Topic
from socialcube.infra.session_cache import Shelf
from socialcube.web.auth import sessions
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import MakeSite, Site


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Give an application that takes routes of its own."""
    return make_site()


@pytest.fixture
def counting(site: Site) -> Site:
    """Give a site with a page that counts how often a browser opened it."""

    @site.app.get("/count")
    def count() -> str:
        session["seen"] = session.get("seen", 0) + 1
        return str(session["seen"])

    @site.app.get("/look")
    def look() -> str:
        return f"{session.get('seen')} {'seen' in session} {len(session)}"

    @site.app.get("/forget")
    def forget() -> str:
        del session["seen"]
        return ""

    @site.app.get("/say")
    def say() -> str:
        flash("Saved.", "ok")
        return ""

    @site.app.get("/hear")
    def hear() -> str:
        return str(get_flashed_messages(with_categories=True))

    return site


def row_of(site: Site, client: SignedInClient) -> SessionView | None:
    with site.services.shared.reads() as reading:
        token_hash = sessions.hash_of(client.person.token)
        return queries.find_session(reading, token_hash, site.clock.now())


def is_in(client: FlaskClient) -> bool:
    return client.get("/").location != "/login"


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    """Note each statement that reaches the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = site.services.shared.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_visitor_is_known_again_without_the_database(counting: Site) -> None:
    client = counting.client
    with statements(counting) as seen:
        assert [client.get("/count").text for _ in range(3)] == ["1", "2", "3"]
    assert not [statement for statement in seen if "INSERT" in statement]
    ((shelf, token), document), *others = counting.cache.documents.items()
    assert (shelf, document, others) == (Shelf.VISITOR, {"seen": 3}, [])
    cookie = client.get_cookie("sc")
    assert cookie is not None
    assert (cookie.value, cookie.max_age) == (token, None)


def test_who_leaves_nothing_gets_no_cookie(counting: Site) -> None:
    answer = counting.client.get("/look")
    assert answer.text == "None False 0"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Cookie"


def test_a_visitor_that_empties_the_session_is_forgotten_there(counting: Site) -> None:
    client = counting.client
    client.get("/count")
    client.get("/forget")
    assert client.get("/look").text == "None False 0"


def test_an_unknown_token_is_replaced(counting: Site) -> None:
    client = counting.client
    client.set_cookie("sc", "x" * 43)
    client.get("/count")
    cookie = client.get_cookie("sc")
    assert cookie is not None
    assert cookie.value != "x" * 43


def test_without_redis_a_visitor_still_sees_pages(counting: Site) -> None:
    client = counting.client
    client.get("/count")
    counting.cache.is_up = False
    assert client.get("/count").text == "1"
    assert client.get("/login").status_code == 200


def test_files_need_neither_session_nor_database(site: Site) -> None:
    client = sign_in(site.app)
    with statements(site) as seen:
        assert client.get("/static/css/tokens.css", buffered=True).status_code == 200
        assert client.get("/healthz").status_code == 200
    assert seen == []


def test_a_person_is_looked_up_with_few_statements_and_no_write(site: Site) -> None:
    client = sign_in(site.app)
    with statements(site) as seen:
        client.get("/")
    assert len([statement for statement in seen if statement.startswith("SELECT")]) <= 6
    assert not [statement for statement in seen if statement.startswith(("INSERT", "UPDATE"))]


def test_a_person_is_kept_in_the_row(counting: Site) -> None:
    client = sign_in(counting.app)
    counting.cache.is_up = False
    assert [client.get("/count").text for _ in range(2)] == ["1", "2"]
    row = row_of(counting, client)
    assert row is not None
    assert row.data["seen"] == 2
    assert counting.cache.documents == {}


def test_notices_reach_the_next_page_once(counting: Site) -> None:
    client = sign_in(counting.app)
    client.get("/say")
    assert "'Saved.'" in client.get("/hear").text
    assert client.get("/hear").text == "[]"


def test_using_a_session_is_noted_once_a_minute(site: Site) -> None:
    client = sign_in(site.app)
    began = site.clock.now()
    for seconds, noted in ((59, 0), (1, 60), (30, 60), (30, 120)):
        site.clock.advance(seconds)
        client.get("/")
        row = row_of(site, client)
        assert row is not None
        assert row.last_seen_at == began + timedelta(seconds=noted)


def test_noting_that_it_is_used_leaves_what_it_holds(counting: Site) -> None:
    client = sign_in(counting.app)
    client.get("/count")
    counting.clock.advance(120)
    client.get("/look")
    assert client.get("/look").text.startswith("1 True")


def test_asvs_7_3_1_an_idle_session_ends(site: Site) -> None:
    client = sign_in(site.app)
    site.clock.advance(IDLE_TIME.total_seconds() - 1)
    assert is_in(client)
    site.clock.advance(IDLE_TIME.total_seconds())
    assert not is_in(client)


def test_asvs_7_3_2_no_session_lasts_for_ever(site: Site) -> None:
    client = sign_in(site.app)
    passed = timedelta()
    while passed + IDLE_TIME / 2 < SESSION_TIME:
        assert is_in(client)
        site.clock.advance(IDLE_TIME.total_seconds() / 2)
        passed += IDLE_TIME / 2
    site.clock.advance(IDLE_TIME.total_seconds() / 2)
    assert not is_in(client)


def test_asvs_7_4_5_a_session_that_is_ended_elsewhere_opens_nothing_at_once(site: Site) -> None:
    client = sign_in(site.app)
    with site.unit() as uow:
        service.end_all_sessions(uow, Actor.system("tests"), client.person.user.id)
        uow.commit()
    assert not is_in(client)
    assert Topic.SESSIONS_ENDED in site.bus.topics()


def test_asvs_7_4_2_a_person_who_is_switched_off_is_out_at_once(site: Site) -> None:
    sign_in(site.app)
    client = sign_in(site.app, name="Jonas")
    with site.unit() as uow:
        service.set_disabled(uow, Actor.system("tests"), client.person.user.id, disabled=True)
        uow.commit()
    assert not is_in(client)


def test_data_alone_signs_nobody_in(counting: Site) -> None:
    user = sign_in(counting.app).person.user
    client = counting.client
    client.get("/count")
    for document in counting.cache.documents.values():
        document["_user_id"] = str(user.id)
    assert not is_in(client)


def test_a_row_of_another_person_signs_nobody_in(site: Site) -> None:
    client, other = sign_in(site.app), sign_in(site.app, name="Jonas")
    for planted in (str(other.person.user.id), "no id", ""):
        with site.unit() as uow:
            data: dict[str, object] = {"_user_id": planted}
            service.save_session(uow, client.person.session_id, data, uow.clock.now())
            uow.commit()
        assert not is_in(client)


def test_a_cookie_of_another_application_changes_nothing(site: Site) -> None:
    client = sign_in(site.app)
    client.set_cookie("remember_token", "1|abc")
    client.set_cookie("session", "eyJ4IjoxfQ.x.y")
    assert is_in(client)


def test_without_a_database_the_page_says_so(site: Site) -> None:
    client = sign_in(site.app)
    with site.services.shared.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_sessions RENAME TO elsewhere")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "database" in answer.text


def test_ended_sessions_tell_whose_they_were(site: Site) -> None:
    client = sign_in(site.app)
    client.post("/logout")
    assert SessionEnded(client.person.session_id, client.person.user.id) is not None
    assert [message.subject for message in site.bus.sent if message.topic is Topic.SESSIONS_ENDED] == [
        str(client.person.session_id)
    ]

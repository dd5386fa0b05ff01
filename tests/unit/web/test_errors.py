import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import TooManyRequests

from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.logs.types import ErrorLogRecord
from socialcube.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SocialCubeError,
    UnavailableError,
)
from tests.unit.web.conftest import MakeSite, Site

JSON = {"Accept": "application/json"}


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Give an application that takes routes of its own."""
    return make_site()


def raising(site: Site, error: Exception) -> Site:
    @site.app.get("/fails")
    def fail() -> str:
        raise error

    return site


def errors_of(site: Site) -> list[ErrorLogRecord]:
    return [record for record in site.sink.records if isinstance(record, ErrorLogRecord)]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError(reason="too long"), 400),
        (ForbiddenError(permission="what nobody knows"), 403),
        (NotFoundError(kind="bot"), 404),
        (ConflictError(), 409),
        (UnavailableError(service="Redis"), 503),
        (SocialCubeError(), 500),
    ],
)
def test_each_failure_has_its_status_and_sentence(site: Site, error: SocialCubeError, status: int) -> None:
    answer = raising(site, error).client.get("/fails", headers=JSON)
    assert answer.status_code == status
    assert answer.get_json()["error"]["message"] == error.message
    assert answer.get_json()["error"]["code"] == error.code


def test_a_refusal_says_in_words_what_it_takes_and_whom_to_ask(site: Site) -> None:
    page = raising(site, ForbiddenError(permission="bot.control")).client.get("/fails").text
    assert "the right to start, stop and restart it" in page
    assert "Ask an owner" in page


def test_a_page_for_browsers_names_no_command_of_the_terminal(site: Site) -> None:
    page = raising(site, BotNotFoundError(ref="x")).client.get("/fails").text
    assert "flask" not in page
    assert "There is no bot x" in page


def test_programs_get_json_with_the_request_id(site: Site) -> None:
    answer = site.client.get("/nothing", headers=JSON)
    assert answer.status_code == 404
    assert answer.get_json()["error"] == {
        "code": "http_404",
        "message": "There is no such page.",
        "remedy": "It may have been deleted, or it is not yours to see. The menu leads to all that is.",
        "request_id": answer.headers["X-Request-ID"],
    }


def test_a_page_for_managers_of_servers_speaks_of_no_menu(site: Site) -> None:
    page = site.client.get("/manage/nothing/here/at/all", headers={"Accept": "text/html"}).text
    assert "“Your servers” lists all." in page
    assert "The menu" not in page


def test_browsers_get_a_page_with_the_request_id(site: Site) -> None:
    answer = site.client.get("/nothing", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
    assert answer.headers["X-Request-ID"] in answer.text


def test_addresses_for_programs_answer_json_to_browsers_too(site: Site) -> None:
    assert site.client.post("/healthz", headers={"Accept": "text/html"}).mimetype == "application/json"


def test_what_a_status_needs_to_say_stays(site: Site) -> None:
    limited = raising(site, TooManyRequests(retry_after=7)).client.get("/fails")
    assert limited.headers["Retry-After"] == "7"
    assert limited.headers.getlist("Content-Type") == ["text/html; charset=utf-8"]


def test_what_an_address_allows_is_named(site: Site) -> None:
    assert "GET" in site.client.post("/").headers["Allow"]


def test_the_unexpected_is_recorded_and_not_shown(site: Site) -> None:
    answer = raising(site, RuntimeError("the-inside")).client.get("/fails")
    assert answer.status_code == 500
    assert "the-inside" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = errors_of(site)
    assert record.code == "RuntimeError"
    assert "the-inside" in record.detail
    assert record.trace_id == answer.headers["X-Request-ID"]


def test_an_expected_failure_is_no_error_of_ours(site: Site) -> None:
    raising(site, NotFoundError(kind="bot")).client.get("/fails")
    assert errors_of(site) == []


def test_a_database_that_is_away_is_said_plainly(site: Site) -> None:
    away = OperationalError("SELECT secret", {}, Exception("connection refused"))
    answer = raising(site, away).client.get("/fails")
    assert answer.status_code == 503
    assert "The database cannot be reached right now." in answer.text
    assert "SELECT" not in answer.text


def test_messages_are_escaped(site: Site) -> None:
    answer = raising(site, NotFoundError(kind="<script>x</script>")).client.get("/fails")
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", {}, Exception("no such table: bots")),
        OperationalError("SELECT", {}, Exception("no such column: bots.deleted_at")),
        ProgrammingError("SELECT", {}, type("Undefined", (Exception,), {"pgcode": "42P01"})()),
    ],
)
def test_a_database_of_another_version_is_told_from_one_that_is_away(site: Site, error: Exception) -> None:
    page = raising(site, error).client.get("/fails")
    assert page.status_code == 503
    assert "another version than this panel" in page.text
    assert "site prepare" in page.text


def test_any_other_mistake_in_a_statement_is_ours(site: Site) -> None:
    error = ProgrammingError("SELECT", {}, Exception("syntax error"))
    assert raising(site, error).client.get("/fails").status_code == 500
    assert len(errors_of(site)) == 1

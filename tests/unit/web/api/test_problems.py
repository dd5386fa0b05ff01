from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from socialcube.domain.bots import queries
from socialcube.domain.logs.types import ErrorLogRecord
from socialcube.web.api.document import list_operations
from socialcube.web.api.path_keys import ABSENT
from tests.unit.web.api.conftest import Api, problem_of


@pytest.fixture
def key(api: Api) -> str:
    return api.make_key()[1]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """Give a list; what is put into it is raised by the list of bots."""
    raised: list[Exception] = []

    def fail(*_: object, **__: object) -> None:
        raise raised[0]

    monkeypatch.setattr(queries, "list_bots_after", fail)
    return raised


@pytest.mark.parametrize("path", ["/nothing", "/bots/", "/bots/7/start/", "/../me"])
def test_an_address_that_does_not_exist_leads_to_the_document(api: Api, key: str, path: str) -> None:
    problem = problem_of(api.ask(key, path))
    assert (problem["status"], problem["code"]) == (404, "http_404")
    assert "/api/v1/openapi.json" in problem["remedy"]


@pytest.mark.parametrize(
    ("method", "path", "missing"),
    [
        ("GET", "/bots/{key}", "There is no bot {key}."),
        ("POST", "/bots/{key}/start", "There is no bot {key}."),
        ("POST", "/bots/{key}/stop", "There is no bot {key}."),
        ("POST", "/bots/{key}/restart", "There is no bot {key}."),
        ("GET", "/bots/{key}/commands", "There is no bot {key}."),
        ("GET", "/bots/{own}/commands/{key}", "This bot has no command {key}."),
    ],
)
def test_what_is_no_id_is_answered_like_an_id_of_nothing(
    api: Api, key: str, method: str, path: str, missing: str
) -> None:
    said = []
    for text in (str(UUID(int=404)), "abc", "{0194}", UUID(int=404).hex, "é"):
        problem = problem_of(api.ask(key, path.format(key=text, own=api.own), method=method))
        assert problem.pop("detail") == missing.format(key=text)
        problem.pop("request_id")
        said.append(problem)
    assert said == said[:1] * len(said)
    assert said[0]["status"] == 404
    assert "GET /api/v1/bots" in said[0]["remedy"]


def test_what_is_no_id_is_told_to_nobody_without_a_key(api: Api) -> None:
    assert problem_of(api.client.get("/api/v1/bots/abc"))["status"] == 401


def test_a_long_text_in_place_of_an_id_is_cut_in_the_answer(api: Api, key: str) -> None:
    assert problem_of(api.ask(key, f"/bots/{'x' * 500}"))["detail"] == f"There is no bot {'x' * 64}…."


def test_every_variable_of_a_path_has_words_for_what_is_absent(api: Api) -> None:
    named = {name for rule, _, _ in list_operations(api.site.app) for name in rule.arguments}
    assert named == set(ABSENT)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_method_that_is_not_taken_names_those_that_are(api: Api, key: str, method: str) -> None:
    answer = api.ask(key, "/bots", method=method)
    assert (answer.status_code, problem_of(answer)["code"]) == (405, "http_405")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_too_large_a_body_is_refused_before_anything_else(api: Api, key: str) -> None:
    answer = api.ask(key, f"/bots/{api.own}/stop", method="POST", data=b"x" * (2 * 1024 * 1024 + 1))
    assert (answer.status_code, problem_of(answer)["code"]) == (413, "http_413")


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"x=1", "application/x-www-form-urlencoded", 415, "wrong_media_type"),
        (b"x", "", 415, "wrong_media_type"),
        (b"<a/>", "text/xml", 415, "wrong_media_type"),
        (b"{", "application/json", 400, "invalid_request"),
        pytest.param(b"[" * 200_000, "application/json", 400, "invalid_request", id="deep lists"),
        pytest.param(b'{"a":' * 200_000, "application/json", 400, "invalid_request", id="deep objects"),
        (b"[]", "application/json", 400, "invalid_request"),
        (b'{"is_admin": true}', "application/json", 400, "invalid_request"),
        (b"{}", "application/json", 202, ""),
        (b"", "", 202, ""),
    ],
)
def test_only_an_empty_body_is_taken_where_none_is_asked_for(
    api: Api, key: str, body: bytes, kind: str, status: int, code: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = api.ask(key, f"/bots/{api.own}/stop", method="POST", data=body, headers=headers)
    assert answer.status_code == status
    if code:
        assert problem_of(answer)["code"] == code


def test_each_parameter_that_is_wrong_is_pointed_at(api: Api, key: str) -> None:
    answer = api.ask(key, "/bots?limit=0&colour=red&desired_state=asleep&a/b~c=1")
    problem = problem_of(answer)
    assert (problem["status"], problem["code"]) == (400, "invalid_request")
    assert problem["detail"] == "4 things of what was sent cannot be used."
    found = {each["pointer"]: each["detail"] for each in problem["errors"]}
    assert set(found) == {"/limit", "/colour", "/desired_state", "/a~1b~0c"}
    assert found["/colour"] == "There is no such parameter."
    assert {each["location"] for each in problem["errors"]} == {"query"}


@pytest.mark.parametrize(
    "query", ["limit=1&limit=2", "limit=abc", "limit=201", "limit=1e3", "limit=%00", "text=a%00b"]
)
def test_a_parameter_that_cannot_be_read_is_refused(api: Api, key: str, query: str) -> None:
    problem = problem_of(api.ask(key, f"/bots?{query}"))
    assert (problem["code"], len(problem["errors"])) == ("invalid_request", 1)


def test_parameters_are_refused_where_there_are_none(api: Api, key: str) -> None:
    for path in ("/me?x=1", f"/bots/{api.own}?x=1"):
        assert problem_of(api.ask(key, path))["code"] == "invalid_request"
    answer = api.ask(key, f"/bots/{api.own}/stop?force=1", method="POST")
    assert problem_of(answer)["code"] == "invalid_request"


def test_a_failure_of_ours_is_hidden_and_recorded(api: Api, key: str, failing: list[Exception]) -> None:
    failing.append(RuntimeError("the password is hunter2"))
    answer = api.ask(key, "/bots")
    problem = problem_of(answer)
    assert (problem["status"], problem["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text
    (error,) = [record for record in api.site.sink.records if isinstance(record, ErrorLogRecord)]
    assert error.trace_id == problem["request_id"]


def test_a_database_that_is_away_is_told_as_such(api: Api, key: str, failing: list[Exception]) -> None:
    failing.append(OperationalError("SELECT", {}, Exception("gone")))
    answer = api.ask(key, "/bots")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert problem_of(answer)["remedy"]


def test_any_other_refusal_has_the_same_shape(api: Api, key: str, failing: list[Exception]) -> None:
    failing.append(HTTPException("no teapots"))
    failing[0].code = 418  # type: ignore[attr-defined] # werkzeug's own field
    problem = problem_of(api.ask(key, "/bots"))
    assert (problem["title"], problem["detail"]) == ("I'm a Teapot", "no teapots")


def test_nothing_is_offered_to_other_sites(api: Api, key: str) -> None:
    answers = [
        api.ask(key, "/bots", headers={"Origin": "https://evil.example"}),
        api.client.options(
            "/api/v1/bots", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
        ),
        api.client.get("/api/v1/openapi.json", headers={"Origin": "https://evil.example"}),
    ]
    for answer in answers:
        assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118 - not a dictionary
    assert answers[1].status_code == 401


def test_answers_are_kept_by_nobody(api: Api, key: str) -> None:
    for answer in (api.ask(key, "/bots"), api.ask(key, "/nothing")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

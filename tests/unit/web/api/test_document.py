"""The document says what is served: it is valid, it names every route, and real answers fit it."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from socialcube.domain.access.types import Permission
from socialcube.web import guard
from socialcube.web.api.document import list_operations, path_of
from socialcube.web.api.operations import operation_of
from socialcube.web.api.samples import Sampler
from socialcube.web.api.showing import list_groups, list_problems, list_shapes
from tests.factories.logs import make_command_log
from tests.unit.web.api.conftest import Api, problem_of


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    answer = api.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def served(app: Flask) -> set[tuple[str, str]]:
    """Give each pair of path and method that an application serves to keys."""
    return {
        (path_of(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_v1.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def described(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            yield path, method, found


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Fail unless a value is as a schema of the document says."""
    whole = {**schema, "components": document["components"]}
    problems = [error.message for error in Draft202012Validator(whole).iter_errors(value)]
    assert problems == []


def answer_schema(document: dict[str, Any], path: str, method: str, status: int) -> dict[str, Any]:
    found = document["paths"][path][method]["responses"][str(status)]
    if "$ref" in found:
        found = document["components"]["responses"][found["$ref"].rpartition("/")[2]]
    (content,) = found["content"].values()
    schema: dict[str, Any] = content["schema"]
    return schema


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://127.0.0.1:5000/api/v1"}]


def test_every_route_is_described_and_nothing_else(api: Api, document: dict[str, Any]) -> None:
    assert {(path, method) for path, method, _ in described(document)} == served(api.site.app)


def test_every_route_is_an_operation_with_a_mark(api: Api) -> None:
    for name, view in api.site.app.view_functions.items():
        if name.startswith("api_v1."):
            assert operation_of(view) is not None, name
            mark = guard.mark_of(view)
            assert mark is not None, name
            assert not mark.is_public, name


def test_a_described_route_takes_the_parameters_that_serve(api: Api, document: dict[str, Any]) -> None:
    for rule, method, found in list_operations(api.site.app):
        parameters = document["paths"][path_of(rule)][method]["parameters"]
        names = {each["name"] for each in parameters if each["in"] == "query"}
        assert names == set(found.query.model_fields if found.query else ())
        assert {each["name"] for each in parameters if each["in"] == "path"} == set(rule.arguments)


def test_what_a_route_needs_is_said(api: Api, document: dict[str, Any]) -> None:
    for rule, method, _ in list_operations(api.site.app):
        mark = guard.mark_of(api.site.app.view_functions[rule.endpoint])
        assert mark is not None
        said = document["paths"][path_of(rule)][method].get("x-permission")
        assert said == (mark.permission.value if mark.permission else None)


def test_every_operation_has_its_own_name_and_says_what_it_does(document: dict[str, Any]) -> None:
    names = [found["operationId"] for _, _, found in described(document)]
    assert len(names) == len(set(names))
    for _, _, found in described(document):
        assert found["description"].endswith(".")
        assert "Raises" not in found["description"]


def test_real_answers_fit_the_document(api: Api, document: dict[str, Any]) -> None:
    _, key = api.make_key()
    api.site.services.shared.make_sink()
    paths = {
        path: path.replace("{bot_id}", str(api.own))
        for path, method, _ in described(document)
        if method == "get"
    }
    checked = 0
    for path, address in paths.items():
        if "{" in address:
            continue
        answer = api.ask(key, address)
        assert answer.status_code == 200, (path, answer.text)
        fits(document, answer_schema(document, path, "get", 200), answer.get_json())
        checked += 1
    for verb in ("start", "stop", "restart"):
        answer = api.ask(key, f"/bots/{api.own}/{verb}", method="POST")
        fits(document, answer_schema(document, f"/bots/{{bot_id}}/{verb}", "post", 202), answer.get_json())
    assert checked >= 5


def test_real_refusals_fit_the_document(api: Api, document: dict[str, Any]) -> None:
    _, key = api.make_key(Permission.BOT_VIEW)
    control = f"/bots/{api.own}/stop"
    cases = {
        ("/bots", "get", 400): api.ask(key, "/bots?limit=x"),
        ("/bots", "get", 401): api.client.get("/api/v1/bots"),
        ("/bots/{bot_id}/stop", "post", 403): api.ask(key, control, method="POST"),
        ("/bots/{bot_id}", "get", 404): api.ask(key, f"/bots/{UUID(int=404)}"),
        ("/bots/{bot_id}/stop", "post", 415): api.ask(api.make_key()[1], control, method="POST", data=b"x"),
    }
    for (path, method, status), answer in cases.items():
        assert answer.status_code == status, path
        fits(document, answer_schema(document, path, method, status), problem_of(answer))


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    sampler = Sampler(document["components"]["schemas"])
    for name, schema in document["components"]["schemas"].items():
        fits(document, schema, sampler.sample(schema))
        assert json.dumps(sampler.sample(schema)), name


def test_people_read_the_same(api: Api, document: dict[str, Any]) -> None:
    answer = api.client.get("/api/v1/")
    assert answer.status_code == 200
    for path, _, found in described(document):
        assert path in answer.text
        assert found["summary"] in answer.text
        assert f'id="{found["operationId"]}"' in answer.text
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in answer.text
    for problem in list_problems():
        assert f'id="{problem.code}"' in answer.text
    assert "<script" not in answer.text
    assert " style=" not in answer.text


def test_the_pages_are_open_and_may_be_kept_for_a_while(api: Api) -> None:
    for path in ("/api/v1/", "/api/v1/openapi.json"):
        answer = api.client.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in answer.headers


def test_what_people_read_has_every_line(document: dict[str, Any]) -> None:
    lines = [line for _, lines in list_groups(document) for line in lines]
    assert len(lines) == len(list(described(document)))
    assert all(line.call.startswith("curl") and line.path in line.call for line in lines)
    kinds = {field.kind for shape in list_shapes(document) for field in shape.fields}
    assert "list of Bot" in kinds
    assert "date-time or null" in kinds
    limits = {field.kind for line in lines for field in line.parameters if field.name == "limit"}
    assert limits == {"integer, 1 to 200, default 50"}


def test_a_log_row_fits_too(api: Api, document: dict[str, Any]) -> None:
    sink = api.site.services.shared.make_sink()
    sink.start()
    sink.put(make_command_log(bot_id=api.own, options={"who": "you", "many": [1, None]}, guild_id=2**62))
    sink.close()
    _, key = api.make_key()
    found = api.ask(key, "/command-logs").get_json()
    assert found["items"][0]["guild_id"] == str(2**62)
    fits(document, answer_schema(document, "/command-logs", "get", 200), found)

"""The OpenAPI document, made from the routes that serve and the shapes that they take and give."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from flask import Flask
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from socialcube.infra.request_quota import WINDOW_SECONDS
from socialcube.web import guard, problems
from socialcube.web.api.blueprint import v1
from socialcube.web.api.operations import Operation, operation_of

VERSION: Final = "1.0.0"
PREFIX: Final = "/api/v1"

_VARIABLE: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_REFERENCE: Final = "#/components/schemas/{model}"
_INTRODUCTION: Final = """\
Bots, commands and logs of this panel, for programs.

Send an API key with each request: `Authorization: Bearer sc_…`. Keys are made in the panel, under API keys. \
A key may do what it was made for, as far as whoever made it may do the same at that moment. Cookies count \
for nothing here.

Ids of Discord are text, since they do not fit into the numbers of JavaScript. Moments are in UTC, as \
RFC 3339 writes them. Lists come in pages: give the value of `next` back as `cursor`. A parameter that does \
not exist is refused.

What is not there and what this key may not see are answered alike. Every refusal is a problem as RFC 9457 \
describes it; its `code` stays the same."""

_REFUSALS: Final = {
    400: "What was sent cannot be used; `errors` names each thing.",
    401: "There is no key, or it opens nothing.",
    403: "This key may not do that.",
    404: "There is no such thing, or this key may not see it.",
    415: "The body is not JSON.",
    429: "This key asked too often, or too many wrong keys came from there.",
    500: "Something went wrong on our side.",
    503: "Something that is needed does not answer.",
}
_COMMON: Final = (400, 401, 403, 429, 500, 503)
_QUOTA_HEADERS: Final = ("RateLimit", "RateLimit-Policy", "X-Request-ID")


def list_operations(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Give each thing that the API can do, with its rule and its method, in the order of its views."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{v1.name}."):
            found = operation_of(app.view_functions[rule.endpoint])
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                if found is not None:
                    yield rule, method.lower(), found


def make_document(app: Flask, public_url: str) -> dict[str, Any]:
    """Make the document of an application (OpenAPI 3.1.0).

    Args:
        app: with the API's blueprint registered.
        public_url: the panel's address as programs type it.
    """
    operations = list(list_operations(app))
    schemas = _Schemas([found for _, _, found in operations])
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, found in operations:
        view = app.view_functions[rule.endpoint]
        described = _describe(rule, found, guard.mark_of(view), schemas)
        paths.setdefault(path_of(rule), {})[method] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": "Social Cube API", "version": VERSION, "description": _INTRODUCTION},
        "servers": [{"url": public_url + PREFIX}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(found.tag for _, _, found in operations)],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "sc_…"}},
            "schemas": schemas.shared,
            "responses": {_name(status): _refusal(status) for status in _REFUSALS},
            "headers": _HEADERS,
        },
    }


def path_of(rule: Rule) -> str:
    """Give a rule's path below the prefix, with its variables as OpenAPI writes them."""
    return _VARIABLE.sub(r"{\1}", rule.rule).removeprefix(PREFIX)


class _Schemas:
    """All shapes at once, so that what they share is described once."""

    def __init__(self, operations: list[Operation]) -> None:
        answers = {found.answer for found in operations}
        queries = {found.query for found in operations if found.query is not None}
        inputs = [
            *((shape, "serialization") for shape in sorted({*answers, problems.Problem}, key=str)),
            *((shape, "validation") for shape in sorted(queries, key=str)),
        ]
        self._by_shape, definitions = models_json_schema(inputs, ref_template=_REFERENCE)  # type: ignore[arg-type] # the list is mixed
        self.shared: dict[str, Any] = dict(definitions["$defs"])
        self._queries = {shape: self.shared.pop(shape.__name__) for shape in queries}

    def of_answer(self, found: Operation) -> dict[str, Any]:
        """Give the schema of what an operation gives."""
        return dict(self._by_shape[found.answer, "serialization"])

    def parameters(self, found: Operation) -> list[dict[str, Any]]:
        """Give the parameters of an operation's address."""
        if found.query is None:
            return []
        described = self._queries[found.query]
        return [
            {
                "name": name,
                "in": "query",
                "required": name in described.get("required", ()),
                **({"description": schema["description"]} if "description" in schema else {}),
                "schema": {
                    key: value for key, value in schema.items() if key not in {"description", "title"}
                },
            }
            for name, schema in described["properties"].items()
        ]


def _describe(rule: Rule, found: Operation, mark: guard.Mark | None, schemas: _Schemas) -> dict[str, Any]:
    permission = mark.permission.value if mark and mark.permission else None
    refusals = [status for status in _REFUSALS if status in _COMMON or _may_be(status, rule)]
    return {
        "operationId": rule.endpoint.partition(".")[2],
        "tags": [found.tag],
        "summary": found.summary,
        "description": found.description,
        **({"x-permission": permission} if permission else {}),
        "parameters": [*_path_parameters(rule), *schemas.parameters(found)],
        "responses": {
            str(found.status): {
                "description": HTTPStatus(found.status).phrase,
                "headers": _headers(
                    *_QUOTA_HEADERS, *(["Link"] if "next" in found.answer.model_fields else [])
                ),
                "content": {"application/json": {"schema": schemas.of_answer(found)}},
            },
            **{str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in refusals},
        },
    }


def _may_be(status: int, rule: Rule) -> bool:
    if status == HTTPStatus.NOT_FOUND:
        return bool(rule.arguments)
    return status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE and "POST" in (rule.methods or ())


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    schema = {"type": "string", "format": "uuid"}
    names = _VARIABLE.findall(rule.rule)
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _refusal(status: int) -> dict[str, Any]:
    more = {429: ["Retry-After"], 503: ["Retry-After"], 401: ["WWW-Authenticate"]}.get(status, [])
    return {
        "description": _REFUSALS[status],
        "headers": _headers("X-Request-ID", *more),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "").replace("-", "")


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


_HEADERS: Final = {
    "RateLimit": _header('What is left: `r` requests for `t` seconds, like `"key";r=599;t=42`.'),
    "RateLimit-Policy": _header(
        f'What is allowed: `q` requests in `w` seconds, like `"key";q=600;w={WINDOW_SECONDS}`.'
    ),
    "Retry-After": _header("Seconds to wait before asking again.", "integer"),
    "WWW-Authenticate": _header("How to show who asks: `Bearer`."),
    "Link": _header('The page after this one: `<…>; rel="next"`. Absent at the end.'),
    "X-Request-ID": _header(
        "Names this request in the request log. Send your own of 8 to 64 letters, digits, - and _."
    ),
}

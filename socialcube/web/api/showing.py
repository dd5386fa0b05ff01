"""The document as people read it: groups of operations, shapes, and what can be answered instead."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.api_keys import errors as keys
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.commands.errors import CommandNotFoundError
from socialcube.infra.request_quota import QuotaSpentError
from socialcube.kernel.errors import ForbiddenError, SocialCubeError
from socialcube.web.api.authentication import KeyCheckAwayError
from socialcube.web.api.samples import Sampler
from socialcube.web.problems import InvalidRequestError, WrongMediaTypeError

_EXPLAINED: Final[tuple[tuple[int, type[SocialCubeError]], ...]] = (
    (400, InvalidRequestError),
    (400, keys.KeyInAddressError),
    (401, keys.KeyMissingError),
    (401, keys.KeyMalformedError),
    (401, keys.KeyUnknownError),
    (401, keys.KeyExpiredError),
    (401, keys.KeyRevokedError),
    (401, keys.KeyOrphanedError),
    (403, ForbiddenError),
    (404, BotNotFoundError),
    (404, CommandNotFoundError),
    (415, WrongMediaTypeError),
    (429, QuotaSpentError),
    (503, KeyCheckAwayError),
)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A parameter or a field of a shape.

    Attributes:
        kind: its type in words; `shape` names one of ours inside of it.
    """

    name: str
    kind: str
    shape: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One operation.

    Attributes:
        call: how curl asks for it.
        answer: an example as JSON.
        shape: name of the shape of the answer.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    parameters: list[FieldLine]
    call: str
    status: str
    shape: str
    answer: str


@dataclass(frozen=True, slots=True)
class ShapeLine:
    """A shape and its fields, or the words that it may be."""

    name: str
    description: str
    fields: list[FieldLine]
    words: list[str]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """Something that can be answered instead."""

    status: int
    code: str
    detail: str


def list_groups(document: dict[str, Any]) -> list[tuple[str, list[OperationLine]]]:
    """Give the operations by their groups, in the order of the document."""
    lines = list(_operations(document))
    return [(tag["name"], [line for name, line in lines if name == tag["name"]]) for tag in document["tags"]]


def list_shapes(document: dict[str, Any]) -> list[ShapeLine]:
    """Give the shapes by their names."""
    return [_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]


def list_problems() -> list[ProblemLine]:
    """Give what is answered most often when something cannot be done."""
    return [ProblemLine(status, kind.code, _plain_message(kind)) for status, kind in _EXPLAINED]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, OperationLine]]:
    server = document["servers"][0]["url"]
    sampler = Sampler(document["components"]["schemas"])
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            status, good = next(iter(found["responses"].items()))
            schema = good["content"]["application/json"]["schema"]
            yield (
                found["tags"][0],
                OperationLine(
                    id=found["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=found["summary"],
                    description=found["description"],
                    permission=found.get("x-permission", ""),
                    parameters=[_parameter(each) for each in found["parameters"]],
                    call=_call(method, server + path),
                    status=status,
                    shape=_shape_in(schema),
                    answer=json.dumps(sampler.sample(schema), indent=2, ensure_ascii=False),
                ),
            )


def _call(method: str, url: str) -> str:
    verb = "" if method == "get" else f" -X {method.upper()}"
    return f'curl{verb} -H "Authorization: Bearer $SOCIALCUBE_KEY" \\\n  {url}'


def _parameter(parameter: dict[str, Any]) -> FieldLine:
    schema = parameter["schema"]
    return FieldLine(
        name=parameter["name"],
        kind=_kind(schema),
        shape=_shape_in(schema),
        is_required=parameter["required"],
        description=parameter.get("description", ""),
    )


def _shape(name: str, schema: dict[str, Any]) -> ShapeLine:
    needed = schema.get("required", ())
    fields = [
        FieldLine(field, _kind(inner), _shape_in(inner), field in needed, inner.get("description", ""))
        for field, inner in schema.get("properties", {}).items()
    ]
    return ShapeLine(name, schema.get("description", ""), fields, schema.get("enum", []))


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _shape_in(schema)
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    words = [str(schema.get("format") or schema.get("type", "anything"))]
    if "minimum" in schema:
        words.append(f"{schema['minimum']} to {schema['maximum']}")
    if schema.get("default") not in (None, "", []):
        words.append(f"default {schema['default']}")
    return ", ".join(words)


def _shape_in(schema: dict[str, Any]) -> str:
    """Give the name of the shape that a schema speaks of, empty when it speaks of none."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next(filter(None, map(_shape_in, inner)), "")


def _plain_message(kind: type[SocialCubeError]) -> str:
    """Give a message with `…` for what varies."""
    text = " ".join((kind.__doc__ or "").split("\n\n", maxsplit=1)[0].split())
    return re.sub(r"\{\w+\}", "…", text)

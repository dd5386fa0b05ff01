"""What an address of the API takes and gives: said once, for the code that serves it and for its document."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, cast, get_type_hints
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel

from socialcube.web.api.path_keys import read_path_keys
from socialcube.web.api.reading import read_nothing, read_query

OK: Final = 200
ACCEPTED: Final = 202

_OPERATION: Final = "socialcube_operation"

View = Callable[..., BaseModel]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that programs can do.

    Attributes:
        summary: a few words.
        description: what it does, in sentences for people.
        tag: the group that it is shown in.
        query: the shape of its parameters, None when it takes none.
        answer: the shape of what it gives.
        status: of a good answer.
    """

    summary: str
    description: str
    tag: str
    query: type[BaseModel] | None
    answer: type[BaseModel]
    status: int


def operation(tag: str, summary: str, *, status: int = OK) -> Callable[[View], Callable[..., Response]]:
    """Make a view of a function that takes and gives shapes.

    A parameter called `query` is read from the address; variables of the path are keys of ours. What the
    function does is told by its docstring. Stands right above the function, under the mark of the guard.
    """

    def decorate(view: View) -> Callable[..., Response]:
        hints = get_type_hints(view)
        found = Operation(
            summary=summary,
            description=_first_paragraph(view),
            tag=tag,
            query=hints.get("query"),
            answer=hints["return"],
            status=status,
        )

        @wraps(view)
        def served(**path: str) -> Response:
            values: dict[str, Any] = dict(read_path_keys(path))
            query = read_query(found.query or _Nothing)
            if found.query is not None:
                values["query"] = query
            read_nothing()
            return _respond(view(**values), found.status)

        setattr(served, _OPERATION, found)
        return served

    return decorate


def operation_of(view: Callable[..., object]) -> Operation | None:
    """Give what a view was made of, None when it is no operation."""
    return cast("Operation | None", getattr(view, _OPERATION, None))


class _Nothing(BaseModel, extra="forbid"):
    """No parameters."""


def _respond(answer: BaseModel, status: int) -> Response:
    response = Response(answer.model_dump_json(), status, mimetype="application/json")
    following = getattr(answer, "next", None)
    if following:
        response.headers["Link"] = f'<{_address_with(following)}>; rel="next"'
    return response


def _address_with(cursor: str) -> str:
    """Give the address of the next page, relative to this one (RFC 8288, section 3.1)."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*pairs, ('cursor', cursor)])}"


def _first_paragraph(view: View) -> str:
    text = (view.__doc__ or "").partition("\n\n    Raises:")[0]
    return " ".join(text.split())

"""Reads what programs send. What nobody asked for is refused: a misspelt filter must not filter nothing."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from socialcube.kernel.text import UNSTORABLE
from socialcube.web.problems import FieldProblem, InvalidRequestError, WrongMediaTypeError

_Shape = TypeVar("_Shape", bound=BaseModel)
_MANY: Final = (list, tuple, set, frozenset)
_WORDS: Final = {
    "extra_forbidden": "There is no such parameter.",
    "missing": "This is needed.",
}


def read_query(shape: type[_Shape]) -> _Shape:
    """Read the parameters of the address.

    Raises:
        InvalidRequestError: some are unknown, given twice, or not what they should be.
    """
    values = request.args.to_dict(flat=False)
    unfit = [name for name, given in values.items() if any(map(UNSTORABLE.search, given))]
    if unfit:
        sentence = "It holds a character that no text has."
        raise InvalidRequestError(
            [FieldProblem(pointer=_pointer([name]), detail=sentence, location="query") for name in unfit]
        )
    many = {name for name, field in shape.model_fields.items() if _is_many(field.annotation)}
    doubled = [name for name, given in values.items() if len(given) > 1 and name not in many]
    if doubled:
        raise InvalidRequestError(
            [
                FieldProblem(pointer=_pointer([name]), detail="It was given twice.", location="query")
                for name in doubled
            ]
        )
    sent = {name: given if name in many else given[0] for name, given in values.items()}
    try:
        return shape.model_validate(sent)
    except ValidationError as error:
        raise InvalidRequestError(list(_problems(error, "query"))) from None


def read_nothing() -> None:
    """Make sure that no body came, or an empty object, where nothing is asked for.

    Raises:
        WrongMediaTypeError: what came is not JSON.
        InvalidRequestError: there is something in it.
    """
    if not request.content_length and not request.headers.get("Transfer-Encoding"):
        return
    if not request.is_json:
        raise WrongMediaTypeError(kind=request.mimetype or "nothing named")
    body = _parse()
    if body is None:
        raise InvalidRequestError([FieldProblem(pointer="", detail="This is not JSON.", location="body")])
    if not isinstance(body, Mapping):
        raise InvalidRequestError([FieldProblem(pointer="", detail="It must be an object.", location="body")])
    if body:
        raise InvalidRequestError(
            [
                FieldProblem(pointer=_pointer([str(name)]), detail="There is no such field.", location="body")
                for name in body
            ]
        )


def _parse() -> Any:
    """Give the body as JSON says it, or None for what is not JSON or is nested too deeply to be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        # Werkzeug keeps quiet about a ValueError only, and 200,000 brackets make another one.
        return None


def _problems(error: ValidationError, where: Literal["query", "body"]) -> Iterator[FieldProblem]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        yield FieldProblem(pointer=_pointer(problem["loc"]), detail=_say(problem), location=where)


def _say(problem: ErrorDetails) -> str:
    words = _WORDS.get(problem["type"])
    # Pydantic puts "Value error, " before what our own validators say.
    return words or f"{problem['msg'].removeprefix('Value error, ').rstrip('.')}."


def _pointer(path: list[str] | tuple[int | str, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _is_many(annotation: Any) -> bool:
    if get_origin(annotation) is UnionType:
        return any(map(_is_many, get_args(annotation)))
    return get_origin(annotation) in _MANY

"""Failures as programs read them: problem details (RFC 9457), one shape for every refusal of the API."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final, Literal

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from socialcube.domain.access.types import EFFECTS
from socialcube.kernel.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SocialCubeError,
    TooManyTriesError,
    UnauthenticatedError,
    UnavailableError,
)
from socialcube.web.context import request_id, settings

MEDIA_TYPE: Final = "application/problem+json"
REFERENCE_PATH: Final = "/api/v1/"

#: What may be absent for a key is not told apart from what is: the advice must fit both.
LOOK_AROUND: Final = "GET /api/v1/me tells what this key may do, and GET /api/v1/bots which bots it sees."
ASK_THE_MAKER: Final = "Ask whoever made this key for one that may do this."

_RETRY_SECONDS: Final = {TooManyTriesError: 60, UnavailableError: 5}


class FieldProblem(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pointer: str = Field(description="Where: a JSON pointer into the parameters or the body (RFC 6901).")
    detail: str = Field(description="What is wrong there.")
    location: Literal["query", "body"]


class Problem(BaseModel):
    """What went wrong, why, and what to do next (RFC 9457)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(description="Address of the page that explains it.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What happened, for people.")
    code: str = Field(description="What happened, for programs: this word stays the same.")
    remedy: str = Field(description="What to do next. Empty when there is nothing.")
    request_id: str = Field(description="Name it when you ask for help. The request log has it too.")
    errors: list[FieldProblem] = Field(default=[], description="What exactly is wrong with what was sent.")


class InvalidRequestError(InvalidInputError):
    """{count} of what was sent cannot be used."""

    code = "invalid_request"
    remedy = "Change what `errors` names, then ask again."

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=_count(len(problems)))


class WrongMediaTypeError(InvalidInputError):
    """The body is of a kind that is not read here: {kind}."""

    code = "wrong_media_type"
    remedy = "Send JSON with Content-Type: application/json, or no body at all."


def of_error(error: SocialCubeError, status: int) -> Response:
    """Answer a failure of ours."""
    detail, remedy = error.message, error.remedy
    match error:
        case NotFoundError():
            remedy = LOOK_AROUND
        case ForbiddenError():
            effect = EFFECTS.get(error.details.get("permission"))  # type: ignore[call-overload] # a word finds its member
            detail = f"This key may not do this: it takes the right to {effect}." if effect else detail
            remedy = remedy or ASK_THE_MAKER
    if isinstance(error, WrongMediaTypeError):
        status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    problems = error.problems if isinstance(error, InvalidRequestError) else ()
    response = answer(status, error.code, detail, remedy, problems=problems)
    _add_headers(response, error)
    return response


def answer(
    status: int, code: str, detail: str, remedy: str = "", *, problems: Sequence[FieldProblem] = ()
) -> Response:
    """Make an answer that says what is wrong.

    Args:
        status: of HTTP.
        code: a stable word for programs.
        detail: one sentence for people.
        remedy: what to do next, empty when there is nothing.
        problems: what exactly is wrong with what was sent.
    """
    problem = Problem(
        type=f"{settings().web.public_url}{REFERENCE_PATH}#{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        remedy=remedy,
        request_id=request_id(),
        errors=list(problems),
    )
    # The media type names no character set: JSON is UTF-8 (RFC 8259, section 8.1).
    return Response(problem.model_dump_json(), status, content_type=MEDIA_TYPE)


def _add_headers(response: Response, error: SocialCubeError) -> None:
    if isinstance(error, UnauthenticatedError):
        # Which key was wrong is only said to who sent one (RFC 6750, section 3).
        why = ', error="invalid_token"' if request.headers.get("Authorization") else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="Social Cube"{why}'
    for kind, seconds in _RETRY_SECONDS.items():
        if isinstance(error, kind):
            response.headers["Retry-After"] = str(error.details.get("retry_after", seconds))


def _count(number: int) -> str:
    return "One thing" if number == 1 else f"{number} things"

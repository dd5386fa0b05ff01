"""What every address of the API passes: the key before, what is left of the minute behind."""

from typing import Final

from flask import Blueprint, Response, g

from socialcube.infra.request_quota import WINDOW_SECONDS, Allowance, QuotaSpentError
from socialcube.web import identity
from socialcube.web.api.authentication import authenticate
from socialcube.web.context import services

POLICY: Final = "key"
_ALLOWANCE: Final = "allowance"

v1: Final = Blueprint("api_v1", __name__, url_prefix="/api/v1")


@v1.before_request
def check_key() -> None:
    """Let only a good key in, and that not too often.

    Raises:
        UnauthenticatedError, KeyInAddressError: as `authenticate` says.
        QuotaSpentError: the key asked often enough this minute.
    """
    program = authenticate()
    identity.keep_program(program)
    try:
        g.allowance = services().quota.take(program.key.public_id)
    except QuotaSpentError as error:
        g.allowance = error.allowance
        raise


@v1.after_request
def tell_allowance(response: Response) -> Response:
    """Say how much of the minute is left (draft-ietf-httpapi-ratelimit-headers, sections 3 and 4)."""
    left: Allowance | None = g.get(_ALLOWANCE)
    if left is not None:
        response.headers["RateLimit-Policy"] = f'"{POLICY}";q={left.limit};w={WINDOW_SECONDS}'
        response.headers["RateLimit"] = f'"{POLICY}";r={left.left};t={left.seconds}'
    return response

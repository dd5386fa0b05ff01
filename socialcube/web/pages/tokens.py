"""Reads a bot token from a form. It lives in memory for one request and is never shown again."""

from typing import Final

from flask import request

from socialcube.domain.bots.errors import TokenRefusedError
from socialcube.infra.session_cache import SignInAwayError
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret
from socialcube.web.auth import limits

_MAX_LENGTH: Final = 500


class TokenCheckAwayError(UnavailableError):
    """The token cannot be checked right now, because Redis does not answer."""

    code = "token_check_away"
    remedy = "Try again in a minute. The token was not kept."


def read_token() -> Secret:
    """Read the field `token`, of which nobody may try many.

    Raises:
        TokenRefusedError: it is empty, or cannot be a token. Discord is not asked then.
        TooManyTriesError: the person pasted many of them just now.
        TokenCheckAwayError: nobody can tell how many those were.
    """
    try:
        limits.by_person(limits.TOKENS)
    except SignInAwayError as error:
        raise TokenCheckAwayError from error
    # People copy the word from request examples too.
    text = request.form.get("token", "").strip().removeprefix("Bot ").strip()
    if not 1 <= len(text) <= _MAX_LENGTH or not (text.isascii() and text.isprintable()):
        raise TokenRefusedError
    return Secret(text)

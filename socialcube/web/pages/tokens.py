"""Reads a bot token from a form. It lives in memory for one request and is never shown again."""

from typing import Final

from flask import request

from socialcube.domain.bots.errors import TokenRefusedError
from socialcube.kernel.secrets import Secret

_MAX_LENGTH: Final = 500


def read_token() -> Secret:
    """Read the field `token`.

    Raises:
        TokenRefusedError: it is empty, or cannot be a token. Discord is not asked then.
    """
    # People copy the word from request examples too.
    text = request.form.get("token", "").strip().removeprefix("Bot ").strip()
    if not 1 <= len(text) <= _MAX_LENGTH or not (text.isascii() and text.isprintable()):
        raise TokenRefusedError
    return Secret(text)

"""Reads a bot token without showing or keeping it."""

import sys
from typing import Final

import click

from socialcube.kernel.secrets import Secret

_MAX_LENGTH: Final = 500
_MAX_BYTES: Final = 4_096
_REMEDY: Final = (
    "Copy it from the Bot page of the Discord developer portal: letters, digits and points, one line."
)


def read_token() -> Secret:
    """Read a token from standard input; on a terminal ask for it, hidden.

    Raises:
        ClickException: nothing came, or what is no token.
    """
    text: str = click.prompt("Bot token", hide_input=True) if sys.stdin.isatty() else _read_piped()
    # People copy the word from request examples too.
    text = text.strip().removeprefix("Bot ").strip()
    if not text:
        raise click.ClickException("No token was given. Pipe it in: flask --app wsgi bots create < token.txt")
    if len(text) > _MAX_LENGTH or not (text.isascii() and text.isprintable()):
        raise click.ClickException(f"This is not a token. {_REMEDY}")
    return Secret(text)


def _read_piped() -> str:
    # As bytes: what is no text at all must get our sentence, not a failure of decoding.
    return sys.stdin.buffer.read(_MAX_BYTES).decode(errors="replace")

"""Reads a bot token or a secret without showing or keeping it."""

import sys
from typing import Final

import click

from socialcube.kernel.secrets import Secret

_MAX_LENGTH: Final = 500
_MAX_BYTES: Final = 16_384
_REMEDY: Final = (
    "Copy it from the Bot page of the Discord developer portal: letters, digits and points, one line."
)


def read_token() -> Secret:
    """Read a token from standard input; on a terminal ask for it, hidden.

    Raises:
        ClickException: nothing came, or what is no token.
    """
    # People copy the word from request examples too.
    text = _read("Bot token").strip().removeprefix("Bot ").strip()
    if not text:
        raise click.ClickException("No token was given. Pipe it in: flask --app wsgi bots create < token.txt")
    if len(text) > _MAX_LENGTH or not (text.isascii() and text.isprintable()):
        raise click.ClickException(f"This is not a token. {_REMEDY}")
    return Secret(text)


def read_value(label: str) -> Secret:
    """Read a secret the same way; only the line break at its end does not belong to it."""
    return Secret(_read(label).removesuffix("\n").removesuffix("\r"))


def _read(label: str) -> str:
    return str(click.prompt(label, hide_input=True)) if sys.stdin.isatty() else _read_piped()


def _read_piped() -> str:
    # As bytes: what is no text at all must get our sentence, not a failure of decoding.
    return sys.stdin.buffer.read(_MAX_BYTES).decode(errors="replace")

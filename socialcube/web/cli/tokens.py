"""Reads a bot token without showing or keeping it."""

import sys
from typing import Final

import click

from socialcube.kernel.secrets import Secret

_MAX_LENGTH: Final = 500


def read_token() -> Secret:
    """Read a token from standard input; on a terminal ask for it, hidden.

    Raises:
        ClickException: nothing came, or far more than a token.
    """
    if sys.stdin.isatty():
        text: str = click.prompt("Bot token", hide_input=True)
    else:
        text = sys.stdin.read(_MAX_LENGTH + 1)
    # People copy the word from request examples too.
    text = text.strip().removeprefix("Bot ").strip()
    if not text or len(text) > _MAX_LENGTH:
        raise click.ClickException("No token was given. Pipe it in: flask --app wsgi bots create < token.txt")
    return Secret(text)

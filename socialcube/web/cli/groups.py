"""What all commands share: failures as one sentence, and who acts."""

import getpass
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from socialcube.domain.access.types import Actor
from socialcube.kernel.errors import SocialCubeError


class PlainGroup(AppGroup):
    """A group whose failures are one plain sentence on stderr and exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, translating what it raises."""
        try:
            return super().invoke(ctx)
        except SocialCubeError as error:
            raise click.ClickException(f"{error.message} {error.remedy}".rstrip()) from error
        except DBAPIError as error:
            raise click.ClickException(_database_sentence(error)) from error


def actor() -> Actor:
    """Say who acts: the account of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Actor.cli(name)


def _database_sentence(error: DBAPIError) -> str:
    if isinstance(error, DataError):
        return "The database does not take one of these values: it is too long or out of range."
    if isinstance(error, IntegrityError):
        return (
            "Somebody else changed the same thing at this moment. Nothing was changed: look, then try again."
        )
    text = str(error)
    if "no such table" in text or "does not exist" in text:
        return "The database has no tables yet, or old ones. Run: flask --app wsgi db upgrade"
    return "The database cannot be used right now. Check DATABASE_URL, and that the server is running."

"""`flask site …`: the installation as a whole."""

from typing import Final

import click

from socialcube.bootstrap.services import check_database, prepare_database
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.context import services, settings

group: Final = PlainGroup("site", help="Prepare and check the installation.")


@group.command("prepare")
def prepare() -> None:
    """Bring the database up to date and tie it to this Discord. The release line of the Procfile."""
    prepare_database(services().shared)
    _say_fine()


@group.command("check")
def check() -> None:
    """Check that the database is up to date and belongs to this Discord. Changes no table."""
    check_database(services().shared, wait_seconds=0)
    _say_fine()


def _say_fine() -> None:
    click.echo(f"The database is up to date and belongs to {settings().discord.origin}.")

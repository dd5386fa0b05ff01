"""`flask site …`: the installation as a whole."""

from typing import Final

import click

from socialcube.bootstrap.services import inspect_database, prepare_database
from socialcube.domain.access.types import Actor
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.cli.setup_codes import offer_setup_code
from socialcube.web.context import services, settings

group: Final = PlainGroup("site", help="Prepare and check the installation.")


@group.command("prepare")
def prepare() -> None:
    """Bring the database up to date and tie it to this Discord. The release line of the Procfile.

    A site that nobody owns gets a setup code, unless the settings or the sandbox's demo name its owner.
    """
    prepare_database(services().shared)
    _say_fine()
    is_named = settings().sandbox or settings().admin_ids
    said = None if is_named else offer_setup_code(Actor.system("release"))
    if said:
        click.echo(said)


@group.command("check")
def check() -> None:
    """Check that the database is up to date and belongs to this Discord. Changes no table."""
    if inspect_database(services().shared):
        _say_fine()
    else:
        click.echo("The database is up to date. It belongs to the Discord of the first process that uses it.")


def _say_fine() -> None:
    click.echo(f"The database is up to date and belongs to {settings().discord.origin}.")

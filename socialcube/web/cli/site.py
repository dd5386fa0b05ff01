"""`flask site …`: the installation as a whole."""

from typing import Final

import click

from socialcube.bootstrap.services import check_database
from socialcube.db import schema
from socialcube.db.errors import SchemaBehindError
from socialcube.db.partitions import ensure_partitions
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.context import services, settings

group: Final = PlainGroup("site", help="Check the installation.")


@group.command("prepare")
def prepare() -> None:
    """Bring the database up to date and check whose it is. This is the release line of the Procfile."""
    shared = services().shared
    try:
        check_database(shared)
    except SchemaBehindError:
        schema.upgrade(shared.engine)
        check_database(shared)
    ensure_partitions(shared.engine, shared.clock.now().date())
    click.echo(f"The database is ready for {settings().discord.origin}.")


@group.command("check")
def check() -> None:
    """Check that the database is up to date and belongs to this Discord. Used before a release starts."""
    shared = services().shared
    check_database(shared)
    ensure_partitions(shared.engine, shared.clock.now().date())
    click.echo(f"The database is up to date and belongs to {settings().discord.origin}.")

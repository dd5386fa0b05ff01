"""`flask site …`: the installation as a whole."""

from typing import Final

import click

from socialcube.domain.site import service as site
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.context import services, settings

group: Final = PlainGroup("site", help="Check the installation.")


@group.command("check")
def check() -> None:
    """Check that the database is up to date and belongs to this Discord. Used before a release starts."""
    with services().unit_of_work() as uow:
        site.claim_origin(uow, settings().discord.origin)
        uow.commit()
    click.echo(f"The database is up to date and belongs to {settings().discord.origin}.")

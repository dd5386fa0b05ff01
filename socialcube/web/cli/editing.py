"""More of `flask bots …`: what a bot is called, and by which words people find it."""

import click

from socialcube.domain.bots import queries, service
from socialcube.web.cli.bots import group
from socialcube.web.cli.groups import actor
from socialcube.web.context import services

__all__ = ["group"]


@group.command("edit")
@click.argument("name")
@click.option("--name", "new_name", help="What to call it from now on.")
@click.option("--description", help="A note for people.")
@click.option("--tag", "tags", multiple=True, help="A tag; give it several times. These replace all others.")
@click.option("--no-tags", is_flag=True, help="Take all tags away.")
def edit(
    name: str, new_name: str | None, description: str | None, tags: tuple[str, ...], *, no_tags: bool
) -> None:
    """Change a bot's name, description or tags. What is not given stays as it is."""
    if tags and no_tags:
        raise click.UsageError("Give either --tag or --no-tags.")
    with services().unit_of_work() as uow:
        bot = queries.get_bot(uow.session, name)
        service.edit_bot(
            uow,
            actor(),
            bot.id,
            version=bot.version,
            name=bot.name if new_name is None else new_name,
            description=bot.description if description is None else description,
            tags=tags if tags or no_tags else None,
        )
        changed = queries.get_bot(uow.session, bot.id)
        uow.commit()
    tagged = f"with the tags {', '.join(changed.tags)}" if changed.tags else "without tags"
    click.echo(f"It is {changed.name} now, {tagged}.")

"""`flask bots panic|deleted|restore`: when a token leaked, or a bot was deleted by mistake."""

import shlex
from typing import Final

import click
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import AmbiguousBotError, BotNotFoundError
from socialcube.domain.bots.types import DeletedBot
from socialcube.kernel.ids import read_id
from socialcube.web.cli.bots import group
from socialcube.web.cli.groups import actor
from socialcube.web.cli.output import print_table
from socialcube.web.context import services

__all__ = ["group"]

_EVERY: Final = Scope(is_all=True)
_NEXT_STEPS: Final = """\
{name} stops now, and its token is destroyed here. Whoever has the token can use it until you reset it:
  1. Press Reset Token at https://discord.com/developers/applications/{external_id}/bot
  2. flask --app wsgi bots token {quoted}
  3. flask --app wsgi bots start {quoted}
  4. Look through its log and servers for what it should not have done."""


@group.command("panic")
@click.argument("name")
def panic(name: str) -> None:
    """Stop a bot and destroy its token, because somebody else may have it. Says what to do next."""
    with services().unit_of_work() as uow:
        bot = queries.get_bot(uow.session, name)
        service.report_leak(uow, actor(), bot.id)
        uow.commit()
    quoted = shlex.quote(bot.name)
    click.echo(_NEXT_STEPS.format(name=bot.name, external_id=bot.external_id, quoted=quoted))


@group.command("deleted")
def deleted() -> None:
    """List the bots that were deleted and can still be restored."""
    with services().shared.reads() as session:
        bots = queries.list_deleted(session, scope=_EVERY)
    if not bots:
        click.echo("No bot was deleted lately.")
        return
    rows = [[bot.name, str(bot.id), bot.deleted_by or "—", f"{bot.purged_at:%Y-%m-%d}"] for bot in bots]
    print_table(["NAME", "ID", "DELETED BY", "GONE FOR GOOD"], rows)


@group.command("restore")
@click.argument("name")
def restore(name: str) -> None:
    """Bring a deleted bot back, by name or id. Its token is gone, so it needs one before it starts."""
    with services().unit_of_work() as uow:
        bot = _get_deleted(uow.session, name)
        service.restore_bot(uow, actor(), bot.id)
        uow.commit()
    click.echo(f"{bot.name} is back. Give it a token: flask --app wsgi bots token {shlex.quote(bot.name)}")


def _get_deleted(session: Session, ref: str) -> DeletedBot:
    bot_id = read_id(ref)
    found = queries.list_deleted(session, scope=_EVERY)
    fitting = [bot for bot in found if bot.id == bot_id or bot.name == ref]
    if len(fitting) > 1:
        raise AmbiguousBotError(ref=ref, ids=", ".join(sorted(str(bot.id) for bot in fitting)))
    if not fitting:
        raise BotNotFoundError(ref=f"{ref} among the deleted ones")
    return fitting[0]

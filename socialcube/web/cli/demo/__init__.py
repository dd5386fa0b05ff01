"""`flask demo …`: something to look at and to talk to, in the sandbox only."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Final

import click

from socialcube.domain.bots import queries, service
from socialcube.domain.bots.types import BotIdentity, BotView, DesiredState
from socialcube.domain.commands import documents
from socialcube.domain.commands import service as commands
from socialcube.infra.sandbox_door import SandboxBot, create_bot, list_bots
from socialcube.kernel.settings import SandboxSettings
from socialcube.kernel.text import printable
from socialcube.web.cli.demo import history, people
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.context import services, settings

group: Final = PlainGroup("demo", help="Begin with bots to look at and to talk to, in the sandbox.")
group.add_command(history.command)
group.add_command(people.command)

_NOTE: Final = "The demo's first version"
_MAX_NAME: Final = 32


@group.command("seed")
def seed() -> None:
    """Add the sandbox's people, and its demo bots with their commands, published and started.

    Again is harmless: what is there stays as it is, except that a bot gets a new token when the
    sandbox gave it one.
    """
    found = list_bots(_sandbox())
    for said in people.seed_people():
        click.echo(said)
    for bot, source in _with_commands(found):
        click.echo(_seed(bot, source))


@group.command("bot")
@click.argument("name")
def bot(name: str) -> None:
    """Make a bot of your own in the sandbox, and print its token alone: pipe it to `bots create`."""
    sandbox, name = _sandbox(), name.strip()
    if not 1 <= len(name) <= _MAX_NAME:
        raise click.ClickException(f"A bot's name has 1 to {_MAX_NAME} characters. Choose another.")
    made, servers = create_bot(sandbox, name)
    # Nothing but the token may stand on standard output, since that is what the next command reads.
    places = ", ".join(map(printable, servers))
    click.echo(f"{printable(made.name)} is now a bot of the sandbox, in these servers: {places}.", err=True)
    click.echo("Its token: (to add it here, pipe it to: flask --app wsgi bots create --start)", err=True)
    click.echo(made.token.reveal())


def _sandbox() -> SandboxSettings:
    sandbox = settings().sandbox
    if sandbox is None:
        raise click.ClickException("The demo is for the sandbox only; these settings use another Discord.")
    return sandbox


def _with_commands(found: list[SandboxBot]) -> Iterator[tuple[SandboxBot, str]]:
    """Give the bots that have a file here, with its text."""
    for bot in found:
        file = files(__package__).joinpath(f"{bot.name.lower()}.yaml")
        if file.is_file():
            yield bot, file.read_text(encoding="utf-8")


def _seed(bot: SandboxBot, source: str) -> str:
    identity = services().directory.identify(bot.token)
    with services().shared.reads() as session:
        present = next((view for view in queries.list_bots(session) if view.external_id == bot.id), None)
    if present is None:
        return _add(bot, identity, source)
    if not bot.token.reveal().endswith(present.token_last4):
        return _replace_token(bot, identity, present)
    return f"{present.name} is here already."


def _add(bot: SandboxBot, identity: BotIdentity, source: str) -> str:
    parts = services()
    drafts = documents.parse_yaml(source)
    with parts.unit_of_work() as uow:
        bot_id = service.create_bot(uow, actor(), parts.sealer, identity=identity, token=bot.token)
        commands.import_commands(uow, actor(), bot_id, drafts)
        for draft in drafts:
            commands.publish(uow, actor(), bot_id, draft.name, note=_NOTE)
        service.set_desired_state(uow, actor(), bot_id, DesiredState.RUNNING)
        uow.commit()
    return f"{identity.name} is here with {', '.join(f'/{draft.name}' for draft in drafts)}, and will start."


def _replace_token(bot: SandboxBot, identity: BotIdentity, present: BotView) -> str:
    parts = services()
    with parts.unit_of_work() as uow:
        service.replace_token(uow, actor(), parts.sealer, present.id, identity=identity, token=bot.token)
        uow.commit()
    return f"{present.name} has the new token that the sandbox gave it."

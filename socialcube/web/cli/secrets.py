"""`flask secrets …`: secrets of bots for HTTP steps, and the keys that everything is sealed to."""

from typing import Any, Final

import click

from socialcube.domain.bot_secrets import queries as bot_secrets
from socialcube.domain.bot_secrets import service as secret_service
from socialcube.domain.bots.queries import get_bot
from socialcube.domain.key_rotation import queries, service
from socialcube.domain.key_rotation.types import KeyUse, RotationOutcome
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_table
from socialcube.web.cli.tokens import read_value
from socialcube.web.cli.waiting import wait_for_job
from socialcube.web.context import services

group: Final = PlainGroup("secrets", help="Set secrets of bots, and seal everything to a newer key.")

_ROTATE_SECONDS: Final = 600.0
_NO_RUNNER: Final = (
    "No bot runner answered. It goes on once one runs: flask --app wsgi secrets status shows how far it is."
)


@group.command("list")
@click.argument("bot")
def list_(bot: str) -> None:
    """List the secrets of a bot: names and hosts. Nobody can read a value."""
    with services().shared.reads() as session:
        secrets = bot_secrets.list_secrets(session, get_bot(session, bot).id)
    if not secrets:
        click.echo("It has no secrets yet.")
        return
    rows = [[each.name, each.host, each.set_by, f"{each.set_at:%Y-%m-%d %H:%M}"] for each in secrets]
    print_table(["NAME", "SENT TO", "SET BY", "SET"], rows)


@group.command("set")
@click.argument("bot")
@click.argument("name")
@click.option("--host", required=True, help="The one host that it may be sent to, like api.example.com.")
def set_(bot: str, name: str, host: str) -> None:
    """Store a secret of a bot. The value is read from standard input, or asked for without showing it."""
    value = read_value("Value")
    with services().unit_of_work() as uow:
        bot_id = get_bot(uow.session, bot).id
        sealer = services().sealer
        secret_service.set_secret(uow, sealer, actor(), bot_id, name=name, host=host, value=value)
        uow.commit()
    click.echo(f"The secret {name} is sealed.")


@group.command("delete")
@click.argument("bot")
@click.argument("name")
def delete(bot: str, name: str) -> None:
    """Destroy a secret of a bot. Steps that ask for it fail from now on."""
    with services().unit_of_work() as uow:
        secret_service.delete_secret(uow, actor(), get_bot(uow.session, bot).id, name)
        uow.commit()
    click.echo(f"The secret {name} is destroyed.")


@group.command("status")
def status() -> None:
    """Say how much is sealed to which key, and which key can go."""
    with services().shared.reads() as session:
        uses = queries.list_key_uses(session, services().sealer)
    rows: list[list[Any]] = [
        [use.key_id or "(damaged)", use.tokens, use.secrets, _advise(use)] for use in uses
    ]
    print_table(["KEY", "TOKENS", "SECRETS", "WHAT TO DO"], rows)


@group.command("rotate")
def rotate() -> None:
    """Seal every token and secret to the newest key. The bot runners do it, and bots keep running.

    It can be interrupted and repeated: at any moment each value opens with the old key or the new one.
    """
    with services().unit_of_work() as uow:
        job_id = service.ask_rotation(uow, actor(), services().sealer)
        uow.commit()
    job = wait_for_job(job_id, seconds=_ROTATE_SECONDS, nobody=_NO_RUNNER, on_progress=_say_progress)
    outcome = RotationOutcome.from_json(job.result or {})
    click.echo(f"{outcome.done} sealed to {outcome.key_id}.")
    if outcome.unreadable:
        listed = "\n".join(f"  {place}" for place in outcome.unreadable)
        raise click.ClickException(
            f"No key of the runner opens these, so they stay as they are:\n{listed}\n"
            "Add the missing opening key and do it again, or type these tokens and secrets again."
        )


def _say_progress(percent: int) -> None:
    click.echo(f"{percent} %")


def _advise(use: KeyUse) -> str:
    if use.is_newest:
        return "newest: everything new is sealed to it"
    if use.may_go:
        return "remove it: nothing needs it"
    if use.is_listed:
        return "keep it until you ran: flask --app wsgi secrets rotate"
    return "TOKEN_SEALING_KEYS does not name it"

"""`flask users invite-link …` and its list: roles for whoever opens a link first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import click

from socialcube.domain.access.types import Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import InviteNotFoundError
from socialcube.kernel.ids import read_id
from socialcube.kernel.text import printable
from socialcube.web.access.links import invite_url
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_table
from socialcube.web.cli.places import PlaceNames, find_place, place_options
from socialcube.web.context import services


def add_commands(group: PlainGroup) -> None:
    """Add the commands to a group."""
    for name, command in _COMMANDS.items():
        group.command(name)(command)


@click.argument("role")
@place_options
@click.option(
    "--hours", type=click.IntRange(1, 720), default=168, show_default=True, help="How long it works."
)
@click.option("--for", "note", default="", metavar="WORDS", help="For whom it is, to tell links apart.")
def invite_link(role: str, bot_ref: str | None, group_ref: str | None, hours: int, note: str) -> None:
    """Print a link that gives a role to whoever opens it first. It is shown once and works once."""
    with services().unit_of_work() as uow:
        found = queries.get_role(uow.session, role)
        place, words = find_place(uow.session, bot_ref, group_ref)
        made = service.make_invite(
            uow,
            actor(),
            role_id=found.id,
            bot_id=place.bot_id,
            group_id=place.group_id,
            life=timedelta(hours=hours),
            note=note,
        )
        uow.commit()
    click.echo(f"Good once, for {hours} h: {found.name} on {words}.", err=True)
    click.echo(invite_url(made.code))


def list_invites() -> None:
    """List the links that wait for somebody."""
    shared = services().shared
    with shared.reads() as session:
        names = PlaceNames(session)
        found = queries.list_invites(session, shared.clock.now(), scope=Scope(is_all=True))
        rows = [
            [
                str(invite.id),
                f"{invite.role.name} on {names.name(invite.place)}",
                invite.note or "anybody",
                invite.made_by,
                invite.expires_at.isoformat(timespec="minutes"),
            ]
            for invite in found
        ]
    if rows:
        print_table(["ID", "GIVES", "FOR", "MADE BY", "ENDS"], rows)
    else:
        click.echo("No link waits for anybody.")


@click.argument("invite_id", metavar="ID")
def cancel_invite(invite_id: str) -> None:
    """Let a link work no more. `users invites` shows its id."""
    key = read_id(invite_id)
    if key is None:
        raise InviteNotFoundError
    with services().unit_of_work() as uow:
        service.cancel_invite(uow, actor(), key)
        uow.commit()
    click.echo(f"The link {printable(invite_id)} does not work any more.")


_COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "invite-link": invite_link,
    "invites": list_invites,
    "cancel-invite": cancel_invite,
}

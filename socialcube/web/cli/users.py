"""`flask users …`: who may sign in, and what each may do."""

from typing import Final

import click

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import GrantNotFoundError, SetupClosedError
from socialcube.domain.accounts.types import GrantView, UserView
from socialcube.kernel.text import printable
from socialcube.web.cli import access_groups
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.invites import add_commands
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.cli.places import PlaceNames, find_place, place_options
from socialcube.web.cli.setup_codes import offer_setup_code
from socialcube.web.context import services, settings

group: Final = PlainGroup("users", help="See who may sign in, invite people, give and take roles.")
add_commands(group)
group.add_command(access_groups.group)


class _Person(click.ParamType[int]):
    """A person's Discord id."""

    name = "DISCORD_ID"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004 - 64 bits
            self.fail(f"{printable(text[:40])} is no Discord id, which is a number.", param, ctx)
        return int(text)


_person: Final = click.argument("person", type=_Person(), metavar="DISCORD_ID")
_role: Final = click.argument("role")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(*, as_json: bool) -> None:
    """List everybody: what each may do, and when they were last here."""
    with services().shared.reads() as session:
        places = PlaceNames(session)
        grants = queries.list_grants(session)
        rows = [_describe(user, grants, places) for user in queries.list_users(session)]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([key.upper() for key in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("Nobody is here yet. Make the first owner: flask --app wsgi users setup-code")


@group.command("roles")
def roles() -> None:
    """List the roles, and what each allows."""
    with services().shared.reads() as session:
        found = queries.list_roles(session)
    for role in found:
        click.echo(f"{printable(role.name)}: {printable(role.description)}".rstrip(": "))
        click.echo(f"  {' '.join(sorted(role.permissions))}")


@group.command("invite")
@_person
@click.option("--name", default="", help="What to call them until they sign in.")
def invite(person: int, name: str) -> None:
    """Make a place for a person who has not signed in yet. Then give them a role."""
    with services().unit_of_work() as uow:
        user = service.invite_person(uow, actor(), person, name=name)
        uow.commit()
    click.echo(f"{printable(user.display_name)} may sign in. Give a role: users grant {person} viewer")


@group.command("grant")
@_person
@_role
@place_options
def grant(person: int, role: str, bot_ref: str | None, group_ref: str | None) -> None:
    """Give a person a role: on the whole site, on one bot, or on a group of bots."""
    with services().unit_of_work() as uow:
        user = queries.get_user(uow.session, person)
        found = queries.get_role(uow.session, role)
        place, words = find_place(uow.session, bot_ref, group_ref)
        where = {"bot_id": place.bot_id, "group_id": place.group_id}
        service.grant_role(uow, actor(), user_id=user.id, role_id=found.id, **where)
        uow.commit()
    click.echo(f"{printable(user.display_name)} is now {found.name} on {words}.")


@group.command("revoke")
@_person
@_role
@place_options
def revoke(person: int, role: str, bot_ref: str | None, group_ref: str | None) -> None:
    """Take a role back from a person: on the whole site, on one bot, or on a group of bots."""
    with services().unit_of_work() as uow:
        user = queries.get_user(uow.session, person)
        found = queries.get_role(uow.session, role)
        place, words = find_place(uow.session, bot_ref, group_ref)
        held = queries.list_grants(uow.session, user_id=user.id)
        match = [each for each in held if (each.role.id, each.place) == (found.id, place)]
        if not match:
            raise GrantNotFoundError
        service.revoke_grant(uow, actor(), match[0].id)
        uow.commit()
    click.echo(f"{printable(user.display_name)} is no longer {found.name} on {words}.")


@group.command("disable")
@_person
def disable(person: int) -> None:
    """Switch an account off. Its sessions end at once."""
    _switch(person, disabled=True, said="is switched off, and signed out everywhere")


@group.command("enable")
@_person
def enable(person: int) -> None:
    """Switch an account on again."""
    _switch(person, disabled=False, said="may sign in again")


@group.command("login-link")
@_person
def login_link(person: int) -> None:
    """Print a link that signs a person in once, for when Discord is away or an account is lost."""
    with services().unit_of_work() as uow:
        user = queries.get_user(uow.session, person)
        code = service.make_login_link(uow, actor(), user.id)
        uow.commit()
    click.echo(f"Good once, for 15 minutes. Give it to {printable(user.display_name)} alone:", err=True)
    click.echo(f"{settings().web.public_url}/login/link/{code.reveal()}")


@group.command("setup-code")
def setup_code() -> None:
    """Print the code that makes its user the first owner of this site. It works while there is none."""
    said = offer_setup_code(actor())
    if said is None:
        raise SetupClosedError
    click.echo(said)


def _switch(person: int, *, disabled: bool, said: str) -> None:
    with services().unit_of_work() as uow:
        user = queries.get_user(uow.session, person)
        service.set_disabled(uow, actor(), user.id, disabled=disabled)
        uow.commit()
    click.echo(f"{printable(user.display_name)} {said}.")


def _describe(user: UserView, grants: list[GrantView], places: PlaceNames) -> dict[str, str]:
    mine = (places.describe(grant) for grant in grants if grant.user_id == user.id)
    return {
        "id": str(user.external_id),
        "name": user.display_name,
        "state": "off" if user.is_disabled else "on",
        "seen": user.last_seen_at.isoformat(timespec="seconds") if user.last_seen_at else "never",
        "roles": ", ".join(mine) or "none",
    }

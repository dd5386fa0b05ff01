"""`flask keys …`: API keys of people, made, rotated and revoked where there is no browser."""

from datetime import timedelta
from typing import Final

import click

from socialcube.domain.access.types import EFFECTS
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts.types import UserView
from socialcube.domain.api_keys import queries, service
from socialcube.domain.api_keys.policy.scopes import NEVER
from socialcube.domain.api_keys.types import DEFAULT_GRACE, DEFAULT_LIFE, ApiKeyView
from socialcube.domain.bots import queries as bots
from socialcube.kernel.secrets import Secret
from socialcube.kernel.text import printable
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.context import services

group: Final = PlainGroup("keys", help="See, make, rotate and revoke API keys.")

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_SCOPES: Final = sorted(each.value for each in EFFECTS if each not in NEVER)
_key: Final = click.argument("key", metavar="KEY")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(*, as_json: bool) -> None:
    """List all keys, the newest first. What opens something is never shown again."""
    now = services().shared.clock.now()
    with services().shared.reads() as session:
        people = {user.id: user for user in accounts.list_users(session)}
        names = {bot.id: bot.name for bot in bots.list_bots(session)}
        keys = queries.list_keys(session)
    rows = [
        {
            "key": key.public_id,
            "name": key.name,
            "state": key.state(now).value,
            "may": " ".join(sorted(key.scopes)),
            "bots": "all"
            if key.bot_ids is None
            else ", ".join(sorted(names.get(each, "gone") for each in key.bot_ids)),
            "ends": key.expires_at.isoformat(timespec="seconds"),
            "used": key.last_used_at.isoformat(timespec="seconds") if key.last_used_at else "never",
            "made by": people[key.user_id].display_name,
        }
        for key in keys
    ]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([name.upper() for name in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("There are no API keys yet. Make one: flask --app wsgi keys make --help")


@group.command("make")
@click.argument("name")
@click.option(
    "--for", "person", type=int, required=True, metavar="DISCORD_ID", help="Whose rights it never exceeds."
)
@click.option(
    "--may",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(_SCOPES),
    help="What it may do. Can be given several times.",
)
@click.option(
    "--bot",
    "refs",
    multiple=True,
    metavar="NAME",
    help="On this bot only, by name or id. Can be given several times.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=DEFAULT_LIFE // _DAY,
    show_default=True,
    help="How long it works.",
)
def make(name: str, person: int, scopes: tuple[str, ...], refs: tuple[str, ...], days: int) -> None:
    """Make a key in the name of a person, and print it this once."""
    with services().unit_of_work() as uow:
        user = accounts.get_user(uow.session, person)
        view, key = service.make_key(
            uow,
            actor(),
            services().keys.peppers,
            user_id=user.id,
            name=name,
            scopes=scopes,
            bot_ids=[bots.get_bot(uow.session, ref).id for ref in refs] or None,
            life=timedelta(days=days),
        )
        uow.commit()
    _print_once(view, key, user)


@group.command("rotate")
@_key
@click.option(
    "--hours",
    type=click.IntRange(0, 168),
    default=DEFAULT_GRACE // _HOUR,
    show_default=True,
    help="How long the old secret works on.",
)
def rotate(key: str, hours: int) -> None:
    """Give a key a new secret, named by its part behind sc_, and print it this once."""
    with services().unit_of_work() as uow:
        found = queries.get_key(uow.session, _id_of(key))
        user = accounts.get_user(uow.session, found.user_id)
        view, secret = service.rotate_key(
            uow, actor(), services().keys.peppers, found.id, grace=timedelta(hours=hours)
        )
        uow.commit()
    _print_once(view, secret, user)


@group.command("revoke")
@_key
def revoke(key: str) -> None:
    """End a key, named by its part behind sc_, with all its secrets."""
    with services().unit_of_work() as uow:
        found = queries.get_key(uow.session, _id_of(key))
        service.revoke_key(uow, actor(), found.id)
        uow.commit()
    click.echo(f"{printable(found.name)} is revoked. What uses it is refused within two seconds.")


def _id_of(key: str) -> str:
    """Take the id as lists show it, and as it stands in a key."""
    return key.removeprefix("sc_").partition("_")[0]


def _print_once(view: ApiKeyView, key: Secret, user: UserView) -> None:
    # The sentence goes to the other stream, so that a script can take the key alone.
    click.echo(
        f"{printable(view.name)} acts for {printable(user.display_name)} until {view.expires_at:%Y-%m-%d}. "
        "The key is shown this once:",
        err=True,
    )
    click.echo(key.reveal())

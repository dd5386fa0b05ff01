"""The sandbox's people who may use the panel. One more, Theo, stays a stranger: strangers are met too."""

from typing import Final

import click
from flask.cli import with_appcontext

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.web.cli.groups import actor
from socialcube.web.context import services, settings

PEOPLE: Final = {
    1001: ("Mara", BuiltInRole.OWNER),
    1002: ("Jonas", BuiltInRole.EDITOR),
    1003: ("Priya", BuiltInRole.VIEWER),
}
"""By their ids in the sandbox."""


@click.command("people")
@with_appcontext
def command() -> None:
    """Give the sandbox's people their roles, so that they can sign in."""
    if settings().sandbox is None:
        raise click.ClickException("The demo is for the sandbox only; these settings use another Discord.")
    for said in seed_people():
        click.echo(said)


def seed_people() -> list[str]:
    """Give the sandbox's people their roles. Who has one, or was switched off, stays as they are."""
    return [_seed(external_id, name, role) for external_id, (name, role) in PEOPLE.items()]


def _seed(external_id: int, name: str, role: BuiltInRole) -> str:
    with services().unit_of_work() as uow:
        user = queries.find_user_by_external_id(uow.session, external_id)
        if user and (user.is_disabled or queries.list_grants(uow.session, user_id=user.id)):
            return f"{name} is here already."
        user = user or service.invite_person(uow, actor(), external_id, name=name)
        service.grant_role(uow, actor(), user_id=user.id, role_id=BUILT_IN_ROLES[role].id)
        uow.commit()
    return f"{name} may sign in as {role.value} of this site."

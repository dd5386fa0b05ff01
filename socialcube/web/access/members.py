"""Giving and taking roles at one place, the same for a bot and for a group."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import scope
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import (
    GrantNotFoundError,
    InvalidExternalIdError,
    InviteNotFoundError,
)
from socialcube.domain.accounts.policy.giving import may_give
from socialcube.domain.accounts.types import INVITE_TIME, GrantView, InviteView, Place, RoleView, UserView
from socialcube.kernel.errors import ConflictError, InvalidInputError, SocialCubeError, UnavailableError
from socialcube.web import identity
from socialcube.web.access.choosing import list_giveable
from socialcube.web.access.links import invite_url
from socialcube.web.access.matrix import Matrix, make_matrix
from socialcube.web.answers import done
from socialcube.web.context import services
from socialcube.web.paths import wants_json

_CREATED: Final = 201
_REFUSED: Final = 422

MAX_OFFERED: Final = 200
"""So many people stand in the picker; others are found by their Discord id."""

LIVES: Final = ((1, "1 hour"), (24, "1 day"), (168, "7 days"), (720, "30 days"))
"""How long an invite may work, in hours and in words."""


class NobodyChosenError(InvalidInputError):
    """Nobody was given a role: the person or the role is missing."""

    code = "nobody_chosen"
    remedy = "Choose a role, and a person or a Discord id, then press Give access."


@dataclass(frozen=True, slots=True)
class Member:
    """A role that somebody has at the place.

    Attributes:
        is_here: whether it was given at this very place, and not on a group or on the site.
        may_take: whether the person at hand can take it back here.
    """

    user: UserView
    grant: GrantView
    is_here: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What a refused form held, to be shown again.

    Attributes:
        way: `person`, `id` or `link`.
        fault: why it was refused, empty when it was not.
        at: the field that is at fault; empty when it is none of them.
    """

    way: str = "person"
    role_id: str = ""
    user_id: str = ""
    external_id: str = ""
    note: str = ""
    hours: str = "168"
    fault: str = ""
    at: str = ""


UNTYPED: Final = Typed()
"""A form that nobody filled in yet."""


@dataclass(frozen=True, slots=True)
class Members:
    """All that the page of a place shows."""

    place: Place
    matrix: Matrix
    members: list[Member]
    people: list[UserView]
    roles: list[RoleView]
    invites: list[InviteView]


def find_members(session: Session, actor: Actor, place: Place, now: datetime) -> Members:
    """Read who may do what at a bot or a group, and what the actor may give there."""
    if place.bot_id is not None:
        holders = queries.list_holders(session, place.bot_id)
    else:
        holders = queries.list_group_holders(session, place.group_id or UUID(int=0))
    covered = queries.list_covered(session, place)
    return Members(
        place=place,
        matrix=make_matrix(holders),
        members=[
            Member(
                holder.user,
                grant,
                is_here=grant.place == place,
                may_take=grant.place == place and may_give(actor, grant.role, place, covered),
            )
            for holder in holders
            for grant in holder.grants
        ],
        people=queries.list_visible(session, scope(actor, Permission.MEMBER_MANAGE), limit=MAX_OFFERED),
        roles=list_giveable(session, actor, place),
        invites=queries.list_invites_to(session, now, place),
    )


def give(place: Place) -> tuple[str, str]:
    """Give what the form at hand says: a role to a person, or a link to it.

    Returns:
        What to say, and the address of the link when one was made, which is shown this once.

    Raises:
        NobodyChosenError: the form is not complete.
        ForbiddenError, NotYoursToGiveError, InvalidExternalIdError and others: as the services say.
    """
    form = request.form
    role_id = form.get("role_id", type=UUID)
    if role_id is None:
        raise NobodyChosenError
    with services().unit_of_work() as uow:
        actor, where = identity.actor(), {"bot_id": place.bot_id, "group_id": place.group_id}
        role = queries.get_role(uow.session, role_id)
        if form.get("way") == "link":
            life, note = read_life(form.get("hours", "")), form.get("note", "")
            made = service.make_invite(uow, actor, role_id=role_id, life=life, note=note, **where)
            uow.commit()
            return f"A link for the role {role.name} was made.", invite_url(made.code)
        user_id = _find_user(uow, actor, form)
        service.grant_role(uow, actor, user_id=user_id, role_id=role_id, **where)
        name = queries.get_user(uow.session, user_id).display_name
        uow.commit()
    return f"{name} is {role.name} here now.", ""


def answer_given(place: Place, url: str, page: Callable[..., str]) -> ResponseReturnValue:
    """Give what the form at hand says, and answer it.

    Args:
        place: the bot or the group that the form stands at.
        url: of its page.
        page: draws the page, with a `link` that is shown this once, or with what was `typed` and refused.

    Raises:
        SocialCubeError: as `give`, for a script, and for whoever may not.
    """
    try:
        said, link = give(place)
    except (InvalidInputError, ConflictError, UnavailableError) as error:
        if wants_json():
            raise
        return page(typed=_typed_with(error)), _REFUSED
    return (page(link=link), _CREATED) if link else done(said, url)


def _typed_with(error: SocialCubeError) -> Typed:
    """Read what was typed into a form that is refused, with the reason and its field."""
    form = request.form
    way = form.get("way", "person")
    fields = {"person": "user_id", "id": "external_id", "link": "note"}
    at = fields.get(way, "") if isinstance(error, InvalidInputError) else ""
    if not form.get("role_id"):
        at = "role_id"
    return Typed(
        way=way if way in fields else "person",
        role_id=form.get("role_id", ""),
        user_id=form.get("user_id", ""),
        external_id=form.get("external_id", ""),
        note=form.get("note", ""),
        hours=form.get("hours", "168"),
        fault=f"{error.message} {error.remedy}".strip(),
        at=at,
    )


def read_life(hours: str) -> timedelta:
    """Read how long an invite is to work; a week if nothing that is offered was chosen."""
    offered = {str(count): timedelta(hours=count) for count, _ in LIVES}
    return offered.get(hours, INVITE_TIME)


def take(place: Place, grant_id: UUID) -> str:
    """Take a role back that was given at this very place, and say so.

    Raises:
        GrantNotFoundError: there is none here, whatever there is elsewhere.
    """
    with services().unit_of_work() as uow:
        grant = queries.find_grant(uow.session, grant_id)
        if grant is None or grant.place != place:
            raise GrantNotFoundError
        service.revoke_grant(uow, identity.actor(), grant_id)
        name = queries.get_user(uow.session, grant.user_id).display_name
        uow.commit()
    return f"{name} is no longer {grant.role.name} here."


def cancel(place: Place, invite_id: UUID) -> str:
    """Cancel an invite to this very place, and say so.

    Raises:
        InviteNotFoundError: there is none here, whatever there is elsewhere.
    """
    with services().unit_of_work() as uow:
        invite = queries.find_invite(uow.session, invite_id, uow.clock.now())
        if invite is None or invite.place != place:
            raise InviteNotFoundError
        service.cancel_invite(uow, identity.actor(), invite_id)
        uow.commit()
    return "The link does not work any more."


def _find_user(uow: UnitOfWork, actor: Actor, form: MultiDict[str, str]) -> UUID:
    """Find who was meant: picked from those one may see, or by a Discord id, which may be new here."""
    typed = form.get("external_id", "").strip()
    if typed and form.get("way", "id") == "id":
        if not (typed.isascii() and typed.isdigit() and len(typed) < 20):  # noqa: PLR2004 - 64 bits
            raise InvalidExternalIdError(external_id=typed[:40])
        return service.bring_person(uow, actor, int(typed)).id
    user_id = form.get("user_id", type=UUID)
    # Who was picked before does not count once another way was chosen.
    if user_id is None or form.get("way") == "id":
        raise NobodyChosenError
    return user_id

"""The Members tab: who has which role on the bot, and giving and taking those of the bot itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import BOT_PERMISSIONS, Actor, Permission, Subject
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import GrantNotFoundError
from socialcube.domain.accounts.types import GrantView, RoleView, UserView
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.answers import back_to, done
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.head import make_head


class NobodyChosenError(InvalidInputError):
    """Nobody was given a role: the person or the role is missing."""

    code = "nobody_chosen"
    remedy = "Choose a person and a role, then press Give."


@dataclass(frozen=True, slots=True)
class Member:
    """A role that somebody has on the bot.

    Attributes:
        is_everywhere: whether it is a role on the site, which counts for every bot.
        may_take: whether the person at hand can take it back here.
    """

    grant: GrantView
    user: UserView
    is_everywhere: bool
    may_take: bool


@blueprint.get("/<uuid:bot_id>/members")
@guard.needs(Permission.MEMBER_MANAGE)
def show_members(bot_id: UUID) -> str:
    """Show who has which role on the bot."""
    bot, session = guard.bot(bot_id, Permission.MEMBER_MANAGE), services().session()
    actor = identity.actor()
    people = queries.list_users(session)
    return render_template(
        "pages/bot/members.html",
        head=make_head(session, actor, bot),
        tab="members",
        members=list_members(session, actor, bot_id, people),
        people=[user for user in people if not user.is_disabled],
        roles=list_giveable(session, actor, bot_id),
    )


@blueprint.post("/<uuid:bot_id>/members")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
@back_to("bot.show_members")
def give_role(bot_id: UUID) -> ResponseReturnValue:
    """Give a person a role on this bot."""
    guard.bot(bot_id, Permission.MEMBER_MANAGE)
    user_id, role_id = (request.form.get(name, type=UUID) for name in ("user_id", "role_id"))
    if user_id is None or role_id is None:
        raise NobodyChosenError
    with services().unit_of_work() as uow:
        service.grant_role(uow, identity.actor(), user_id=user_id, role_id=role_id, bot_id=bot_id)
        name = queries.get_user(uow.session, user_id).display_name
        role = queries.get_role(uow.session, role_id).name
        uow.commit()
    return done(f"{name} is {role} here now.", url_for("bot.show_members", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/members/<uuid:grant_id>/take")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
def take_role(bot_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """Take a role on this bot back.

    Raises:
        GrantNotFoundError: there is none on this bot, whatever there is elsewhere.
    """
    guard.bot(bot_id, Permission.MEMBER_MANAGE)
    with services().unit_of_work() as uow:
        if grant_id not in {grant.id for grant in queries.list_grants(uow.session, bot_id=bot_id)}:
            raise GrantNotFoundError
        service.revoke_grant(uow, identity.actor(), grant_id)
        uow.commit()
    return done("The role is taken back.", url_for("bot.show_members", bot_id=bot_id))


def list_members(session: Session, actor: Actor, bot_id: UUID, people: Iterable[UserView]) -> list[Member]:
    """List the roles on a bot by the names of those who have them, roles on the site among them."""
    users = {user.id: user for user in people}
    members = [
        Member(
            grant,
            users[grant.user_id],
            is_everywhere=grant.bot_id is None,
            may_take=grant.bot_id is not None and _may_give(actor, grant.role, bot_id),
        )
        for grant in queries.list_grants(session)
        if grant.bot_id in {None, bot_id} and (grant.bot_id or grant.role.permissions & BOT_PERMISSIONS)
    ]
    return sorted(members, key=lambda member: (member.user.display_name.casefold(), member.is_everywhere))


def list_giveable(session: Session, actor: Actor, bot_id: UUID) -> list[RoleView]:
    """List the roles that somebody can give on a bot: those that hold nothing they lack themselves."""
    return [role for role in queries.list_roles(session) if _may_give(actor, role, bot_id)]


def _may_give(actor: Actor, role: RoleView, bot_id: UUID) -> bool:
    subject = Subject.bot(bot_id)
    return all(can(actor, permission, subject) for permission in role.permissions & BOT_PERMISSIONS)

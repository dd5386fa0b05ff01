"""The doors of a group's page."""

from functools import partial
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.accounts.types import Place
from socialcube.domain.bots import queries as bots
from socialcube.web import guard, identity
from socialcube.web.access import members
from socialcube.web.access.choosing import get_group
from socialcube.web.answers import back_to, done
from socialcube.web.context import services

blueprint: Final = Blueprint("group", __name__, url_prefix="/admin/people/groups")


@blueprint.get("/<uuid:group_id>/")
@guard.needs(Permission.MEMBER_MANAGE)
def show(group_id: UUID) -> str:
    """Show the bots of a group, and who may do what with all of them."""
    return _page(group_id)


@blueprint.post("/<uuid:group_id>/members")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
def give_role(group_id: UUID) -> ResponseReturnValue:
    """Give a person a role on this group, or make a link that does, which is shown this once."""
    get_group(group_id)
    url = url_for("group.show", group_id=group_id)
    return members.answer_given(Place(group_id=group_id), url, partial(_page, group_id))


@blueprint.post("/<uuid:group_id>/members/<uuid:grant_id>/take")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
@back_to("group.show")
def take_role(group_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """Take a role on this group back."""
    get_group(group_id)
    said = members.take(Place(group_id=group_id), grant_id)
    return done(said, url_for("group.show", group_id=group_id))


@blueprint.post("/<uuid:group_id>/members/invites/<uuid:invite_id>/cancel")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
@back_to("group.show")
def cancel_invite(group_id: UUID, invite_id: UUID) -> ResponseReturnValue:
    """Let an invite to this group work no more."""
    get_group(group_id)
    said = members.cancel(Place(group_id=group_id), invite_id)
    return done(said, url_for("group.show", group_id=group_id))


def _page(group_id: UUID, *, link: str = "", typed: members.Typed = members.UNTYPED) -> str:
    group, session = get_group(group_id), services().session()
    actor, now = identity.actor(), services().shared.clock.now()
    return render_template(
        "pages/group/show.html",
        group=group,
        bots=bots.list_bots(session, scope=Scope(is_all=False, bot_ids=group.bot_ids)),
        may_edit=can(actor, Permission.SITE_ADMIN),
        found=members.find_members(session, actor, Place(group_id=group_id), now),
        lives=members.LIVES,
        typed=typed,
        sees_everybody=can(actor, Permission.SITE_ADMIN),
        link=link,
    )

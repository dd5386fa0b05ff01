"""The Members tab: who may do what on the bot, and giving and taking roles there."""

from functools import partial
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission
from socialcube.domain.accounts.types import Place
from socialcube.web import guard, identity
from socialcube.web.access import members
from socialcube.web.answers import back_to, done
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.head import make_head


@blueprint.get("/<uuid:bot_id>/members")
@guard.needs(Permission.MEMBER_MANAGE)
def show_members(bot_id: UUID) -> str:
    """Show who may do what on the bot."""
    return _page(bot_id)


@blueprint.post("/<uuid:bot_id>/members")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
def give_role(bot_id: UUID) -> ResponseReturnValue:
    """Give a person a role on this bot, or make a link that does, which is shown this once."""
    guard.bot(bot_id, Permission.MEMBER_MANAGE)
    url = url_for("bot.show_members", bot_id=bot_id)
    return members.answer_given(Place(bot_id), url, partial(_page, bot_id))


@blueprint.post("/<uuid:bot_id>/members/<uuid:grant_id>/take")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
@back_to("bot.show_members")
def take_role(bot_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """Take a role on this bot back."""
    guard.bot(bot_id, Permission.MEMBER_MANAGE)
    return done(members.take(Place(bot_id), grant_id), url_for("bot.show_members", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/members/invites/<uuid:invite_id>/cancel")
@guard.needs(Permission.MEMBER_MANAGE)
@guard.recent
@back_to("bot.show_members")
def cancel_invite(bot_id: UUID, invite_id: UUID) -> ResponseReturnValue:
    """Let an invite to this bot work no more."""
    guard.bot(bot_id, Permission.MEMBER_MANAGE)
    return done(members.cancel(Place(bot_id), invite_id), url_for("bot.show_members", bot_id=bot_id))


def _page(bot_id: UUID, *, link: str = "", typed: members.Typed = members.UNTYPED) -> str:
    bot, session = guard.bot(bot_id, Permission.MEMBER_MANAGE), services().session()
    actor, now = identity.actor(), services().shared.clock.now()
    return render_template(
        "pages/bot/members.html",
        head=make_head(session, actor, bot),
        tab="members",
        found=members.find_members(session, actor, Place(bot_id), now),
        lives=members.LIVES,
        typed=typed,
        sees_everybody=can(actor, Permission.SITE_ADMIN),
        link=link,
    )

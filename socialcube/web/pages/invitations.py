"""The link that invites a bot, with no more permissions than somebody chose and its commands need."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots.policy import Preset, build_invite, permissions_of
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds.policy import PERMISSIONS
from socialcube.web.context import settings


def needed_permissions(session: Session, bot_id: UUID, *, besides: Iterable[str] = ()) -> int:
    """Give what a bot's live commands need, as permission bits; answering a command needs nothing.

    Args:
        session: an open session.
        bot_id: the bot.
        besides: further permissions by the platform's names, as of commands that are not live yet.
    """
    needs = commands.list_needs(session, Scope(is_all=False, bot_ids=frozenset({bot_id}))).get(bot_id, ())
    names = {*besides, *(need.permission for need in needs)}
    return sum(PERMISSIONS[name].mask for name in names if name in PERMISSIONS)


def invite_url(bot: BotView, preset: Preset, needed: int) -> str:
    """Give the address where somebody lets the bot into a server of theirs.

    Args:
        bot: the bot.
        preset: what it may do besides.
        needed: permission bits of its commands.
    """
    permissions = permissions_of(preset) | needed
    return build_invite(settings().discord.authorize_url, bot.external_id, preset, permissions=permissions)

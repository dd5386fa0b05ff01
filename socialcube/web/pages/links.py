"""Addresses of pages that may or may not be there, and of the platform."""

from typing import Any

from flask import current_app, url_for

from socialcube.domain.bots.policy import Preset, build_invite
from socialcube.domain.bots.types import BotView
from socialcube.web.context import settings


def link(endpoint: str, **values: Any) -> str | None:
    """Give a page's address, None when this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def fix_url(bot: BotView, guild_id: int, permissions: int) -> str | None:
    """Give the address where somebody lets the bot into one server anew, with exactly these permissions.

    Args:
        bot: the bot.
        guild_id: the platform's id of the server.
        permissions: permission bits.

    Returns:
        None in the sandbox, which has no page for that.
    """
    if settings().sandbox is not None:
        return None
    url = settings().discord.authorize_url
    return build_invite(url, bot.external_id, Preset.ANSWER, guild_id=guild_id, permissions=permissions)


def portal_url(bot: BotView) -> str | None:
    """Give the page of Discord where the bot's token is reset; None in the sandbox, which has none."""
    if settings().sandbox is not None:
        return None
    return f"https://discord.com/developers/applications/{bot.external_id}/bot"


def chat_url() -> str | None:
    """Give the address of the sandbox's chat, None when another Discord is used."""
    sandbox = settings().sandbox
    return f"http://{sandbox.host}:{sandbox.port}/chat" if sandbox else None

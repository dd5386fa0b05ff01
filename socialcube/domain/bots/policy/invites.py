"""The link by which somebody adds a bot to a server."""

from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

_VIEW_CHANNEL, _SEND_MESSAGES, _EMBED_LINKS = 1 << 10, 1 << 11, 1 << 14
_ATTACH_FILES, _READ_HISTORY, _ADD_REACTIONS = 1 << 15, 1 << 16, 1 << 6
_KICK, _BAN, _MANAGE_MESSAGES = 1 << 1, 1 << 2, 1 << 13
_MANAGE_ROLES, _MANAGE_THREADS, _TIMEOUT = 1 << 28, 1 << 34, 1 << 40


class Preset(StrEnum):
    """What a bot asks for when it is invited. None of them asks for administrator."""

    ANSWER = "answer"
    POST = "post"
    MODERATE = "moderate"


_POST: Final = _VIEW_CHANNEL | _SEND_MESSAGES | _EMBED_LINKS | _ATTACH_FILES | _READ_HISTORY | _ADD_REACTIONS
# Discord docs, "Permissions", "Bitwise Permission Flags". Answering a command needs none of them.
_PERMISSIONS: Final = {
    Preset.ANSWER: 0,
    Preset.POST: _POST,
    Preset.MODERATE: _POST | _KICK | _BAN | _MANAGE_MESSAGES | _MANAGE_ROLES | _MANAGE_THREADS | _TIMEOUT,
}


def permissions_of(preset: Preset) -> int:
    """Give the permission bits of a preset."""
    return _PERMISSIONS[preset]


def build_invite(
    authorize_url: str,
    external_id: int,
    preset: Preset,
    *,
    guild_id: int | None = None,
    permissions: int | None = None,
) -> str:
    """Give the link that adds a bot with its slash commands (Discord docs, OAuth2, "Bot Authorization Flow").

    Args:
        authorize_url: Discord's consent page, as the settings name it.
        external_id: the application's id, which for all but old bots is the bot's own.
        preset: what it may do there.
        guild_id: the server to choose beforehand; None leaves the choice to the person.
        permissions: exactly these permission bits in place of the preset's.
    """
    query = {
        "client_id": str(external_id),
        "scope": "bot applications.commands",
        "permissions": str(permissions_of(preset) if permissions is None else permissions),
    }
    if guild_id is not None:
        query["guild_id"] = str(guild_id)
    return f"{authorize_url}?{urlencode(query)}"

"""A command as it is registered at Discord (documentation, "Create Global Application Command")."""

from typing import Any, Final

from socialcube.domain.commands.documents.model import CommandDocument, OptionDocument
from socialcube.domain.commands.types import ChannelType, Context, OptionType

CHAT_INPUT: Final = 1

_OPTION_NUMBERS: Final = {
    OptionType.STRING: 3,
    OptionType.INTEGER: 4,
    OptionType.BOOLEAN: 5,
    OptionType.USER: 6,
    OptionType.CHANNEL: 7,
    OptionType.ROLE: 8,
    OptionType.NUMBER: 10,
}
_CHANNEL_NUMBERS: Final = {
    ChannelType.TEXT: 0,
    ChannelType.VOICE: 2,
    ChannelType.CATEGORY: 4,
    ChannelType.ANNOUNCEMENT: 5,
    ChannelType.ANNOUNCEMENT_THREAD: 10,
    ChannelType.PUBLIC_THREAD: 11,
    ChannelType.PRIVATE_THREAD: 12,
    ChannelType.STAGE: 13,
    ChannelType.FORUM: 15,
    ChannelType.MEDIA: 16,
}
_CONTEXT_NUMBERS: Final = {Context.GUILD: 0, Context.BOT_DM: 1, Context.PRIVATE_CHANNEL: 2}


def to_registration(document: CommandDocument, guild_id: int | None) -> dict[str, Any]:
    """Give the body of the request that creates or replaces the command, every key written out.

    Args:
        document: the command.
        guild_id: the server it is registered in, None for all. Only global commands have contexts.
    """
    body: dict[str, Any] = {
        "type": CHAT_INPUT,
        "name": document.name,
        "description": document.description,
        "options": [_to_option(option) for option in document.options],
        "default_member_permissions": document.default_member_permissions,
        "nsfw": document.nsfw,
    }
    if guild_id is None:
        body["contexts"] = sorted({_CONTEXT_NUMBERS[context] for context in document.contexts})
    return body


def _to_option(option: OptionDocument) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": _OPTION_NUMBERS[option.type],
        "name": option.name,
        "description": option.description,
        "required": option.required,
    }
    if option.choices:
        body["choices"] = [{"name": choice.name, "value": choice.value} for choice in option.choices]
    if option.channel_types:
        body["channel_types"] = sorted({_CHANNEL_NUMBERS[kind] for kind in option.channel_types})
    for name in ("min_value", "max_value", "min_length", "max_length"):
        value = getattr(option, name)
        if value is not None:
            body[name] = value
    return body

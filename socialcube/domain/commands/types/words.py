"""Words that documents of commands use."""

from enum import StrEnum


class OptionType(StrEnum):
    """What a person may type into an option."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    USER = "user"
    CHANNEL = "channel"
    ROLE = "role"


class ChannelType(StrEnum):
    """What kind of channel a person may pick."""

    TEXT = "text"
    VOICE = "voice"
    CATEGORY = "category"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_THREAD = "announcement_thread"
    PUBLIC_THREAD = "public_thread"
    PRIVATE_THREAD = "private_thread"
    STAGE = "stage"
    FORUM = "forum"
    MEDIA = "media"


class Context(StrEnum):
    """Where a command is offered."""

    GUILD = "guild"
    BOT_DM = "bot_dm"
    PRIVATE_CHANNEL = "private_channel"

"""What people see of a bot on its platform."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """The dot beside a bot's name (Discord docs, Gateway Events, "Status Types")."""

    ONLINE = "online"
    IDLE = "idle"
    BUSY = "dnd"
    INVISIBLE = "invisible"


class ActivityKind(StrEnum):
    """What a bot says that it does (Discord docs, Gateway Events, "Activity Types")."""

    PLAYING = "playing"
    LISTENING = "listening"
    WATCHING = "watching"
    COMPETING = "competing"
    CUSTOM = "custom"


class ProfileField(StrEnum):
    """What people see of a bot on the platform, whatever it is called here."""

    NAME = "name"
    AVATAR = "avatar"
    BANNER = "banner"


MAX_ACTIVITY_LENGTH: Final = 128
"""Characters of an activity's text that the platform takes."""


@dataclass(frozen=True, slots=True)
class Presence:
    """What a bot shows of itself while it is online.

    Attributes:
        activity: what it says that it does, None for nothing.
        text: what it does, up to 128 characters; empty without an activity.
    """

    status: Status = Status.ONLINE
    activity: ActivityKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ProfilePicture:
    """A picture for a profile, as somebody uploaded it.

    Attributes:
        media_type: what its own first bytes say, like `image/png`.
    """

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What people see of a bot on the platform. Pictures are hashes, None where there is none."""

    name: str
    avatar: str | None = None
    banner: str | None = None

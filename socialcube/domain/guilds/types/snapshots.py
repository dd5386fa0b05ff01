"""A server as a bot sees it at one moment, and as it is stored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChannelSnapshot:
    """A channel.

    Attributes:
        kind: the platform's number of the channel type.
        position: sorting place among its siblings.
        permissions: what this bot may do there, as permission bits, where rules of its own count in it;
            None where it may do what it may in the whole server.
    """

    external_id: int
    name: str
    kind: int
    position: int = 0
    parent_external_id: int | None = None
    permissions: int | None = None


@dataclass(frozen=True, slots=True)
class RoleSnapshot:
    """A role.

    Attributes:
        colour: RGB as one number, 0 for none.
        permissions: the platform's permission bits.
        managed: whether an integration owns it, so that nobody can give or take it.
    """

    external_id: int
    name: str
    colour: int = 0
    position: int = 0
    permissions: int = 0
    managed: bool = False


@dataclass(frozen=True, slots=True)
class GuildSnapshot:
    """A server with its channels and roles.

    Attributes:
        permissions: what this bot may do in the whole server, as permission bits.
    """

    external_id: int
    name: str
    icon: str | None = None
    owner_external_id: int | None = None
    permissions: int = 0
    channels: tuple[ChannelSnapshot, ...] = ()
    roles: tuple[RoleSnapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerFace:
    """What a server looks like to people, whichever bot is there.

    Attributes:
        id: our key.
        icon: hash of its picture, None when it has none.
    """

    id: UUID
    platform: str
    external_id: int
    name: str
    icon: str | None


@dataclass(frozen=True, slots=True)
class GuildView:
    """A server that one bot is in."""

    id: UUID
    platform: str
    external_id: int
    name: str
    icon: str | None
    owner_external_id: int | None
    permissions: int
    joined_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One bot in one server, as a list of servers shows it.

    Attributes:
        settings_version: counts the changes of the settings there; 0 while nobody set anything.
    """

    bot_id: UUID
    guild: GuildView
    settings_version: int

"""What a bot may do in a server, what it needs there, and the difference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from socialcube.domain.guilds.types.snapshots import GuildView


@dataclass(frozen=True, slots=True)
class ServerPermission:
    """One permission of the platform.

    Attributes:
        name: as the platform's documentation writes it, like `SEND_MESSAGES`.
        bit: the place of its bit, counted from 0.
        label: as the platform's own settings show it.
        effect: what the bot can do with it, in plain words.
        is_strong: whether it reaches other people, the server itself, or everybody at once. Only of such a
            permission can a bot have too much.
    """

    name: str
    bit: int
    label: str
    effect: str
    is_strong: bool = False

    @property
    def mask(self) -> int:
        """Give its one bit as a number."""
        return 1 << self.bit


@dataclass(frozen=True, slots=True)
class PermissionNeed:
    """Something that a bot has to be allowed.

    Attributes:
        permission: the platform's name of it.
        why: what for, as the end of "It needs this …".
        command_id: the command that needs it; where that is switched off nothing is needed.
        guild_id: the platform's id of the only server where it is needed, None for all of them.
    """

    permission: str
    why: str
    command_id: UUID | None = None
    guild_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceSight:
    """One bot in one server: what it may do there, and what is set for it.

    Attributes:
        unavailable_at: since when the platform cannot reach the server; the bot is still a member.
        left_at: when the bot left; None while it is there.
        everyone: what everybody may do in the server, as permission bits.
        channel_permissions: what the bot may do in a channel, by the platform's id, where that is not what
            it may do in the whole server. Of these bits only seeing and writing are kept.
        log_channel_id: where failures are told, None for nowhere.
        disabled_commands: our keys of the commands that are switched off there.
        settings_version: counts the changes of the settings there; 0 while nobody set anything.
    """

    bot_id: UUID
    guild: GuildView
    unavailable_at: datetime | None = None
    left_at: datetime | None = None
    everyone: int = 0
    channel_permissions: Mapping[int, int] = field(default_factory=dict)
    log_channel_id: int | None = None
    disabled_commands: frozenset[UUID] = frozenset()
    settings_version: int = 0


class Verdict(StrEnum):
    """How what a bot may do in a server compares with what it needs there."""

    FITS = "fits"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"


class ServerProblem(StrEnum):
    """What can be wrong in a server that bots are in."""

    ANY = "any"
    COLLISIONS = "collisions"
    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that the bot needs in a server and has not.

    Attributes:
        label: what it is, as the platform shows it.
        why: what for, as the end of "It needs this …".
        place: the channel where it is missing, empty for the whole server.
    """

    label: str
    why: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a bot may do in a server against what it needs there.

    Attributes:
        held: what it may do, strong things first.
        lacks: what it needs and has not.
        excess: strong permissions that nothing here needs and that not everybody there has.
        needed: what it needs, as permission bits: what an invitation has to ask for.
    """

    held: tuple[ServerPermission, ...]
    lacks: tuple[Lack, ...]
    excess: tuple[ServerPermission, ...]
    needed: int

    @property
    def verdict(self) -> Verdict:
        """Sum it up. What is missing weighs more than what is too much: commands fail by it."""
        if self.lacks:
            return Verdict.TOO_LITTLE
        return Verdict.TOO_MUCH if self.excess else Verdict.FITS


@dataclass(frozen=True, slots=True)
class PlaceBefore:
    """What was stored of a bot in a server before a runner looked again.

    Attributes:
        is_there: whether the bot was in the server then.
        is_unavailable: whether the server could not be reached then.
    """

    name: str
    permissions: int
    is_there: bool
    is_unavailable: bool


@dataclass(frozen=True, slots=True)
class PlacesMark:
    """What tells whether anything about a bot's servers changed.

    Attributes:
        count: servers it is in.
        unavailable: those of them that the platform cannot reach.
        seen_at: when one of them was last stored.
    """

    count: int
    unavailable: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class GuildNews:
    """One thing that happened between a bot and a server, for the bot's log.

    Attributes:
        kind: of the log's line.
        guild_id: the platform's id of the server, 0 when it is about several.
        name: of the server.
        sentence: what happened.
        is_warning: whether somebody should look at it.
    """

    kind: str
    guild_id: int
    name: str
    sentence: str
    is_warning: bool = False

"""Words about bots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID


class Platform(StrEnum):
    """Where a bot lives."""

    DISCORD = "discord"


class DesiredState(StrEnum):
    """What the owner wants."""

    RUNNING = "running"
    STOPPED = "stopped"


class ProcessState(StrEnum):
    """First health axis: the bot's task inside a runner."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    HELD = "held"
    FAILED = "failed"


class GatewayState(StrEnum):
    """Second health axis: the connection to the platform."""

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"


class Reason(StrEnum):
    """Why a bot is in its state, when the state alone does not say it."""

    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a reason, not a secret
    TOKEN_UNREADABLE = "token_unreadable"  # noqa: S105 - a reason, not a secret
    INTENTS_MISSING = "intents_missing"
    STARTS_USED_UP = "starts_used_up"
    CRASH_LOOP = "crash_loop"
    PLATFORM_UNREACHABLE = "platform_unreachable"
    RUNNER_LOST = "runner_lost"
    REFUSED = "refused"
    TOKEN_LEAKED = "token_leaked"  # noqa: S105 - a reason, not a secret
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a reason, not a secret


class Tone(StrEnum):
    """The colour family of a state word; the panel's tokens carry the same names."""

    OK = "ok"
    ACCENT = "accent"
    WARN = "warn"
    HOLD = "hold"
    BAD = "bad"
    MUTED = "muted"


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


GUILDS_INTENT: Final = 1
"""The gateway intent without which Discord names no servers (Gateway, list of intents: `GUILDS`)."""

MAX_NAME_LENGTH: Final = 80
MAX_DESCRIPTION_LENGTH: Final = 400
MAX_TAGS: Final = 10
MAX_TAG_LENGTH: Final = 32
MAX_URL_LENGTH: Final = 512
MAX_ACTIVITY_LENGTH: Final = 128
"""Characters of an activity's text that the platform takes."""

MAX_AT_ONCE: Final = 20
"""Bots of one request beyond which a worker does it, with progress."""


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


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who a token belongs to, in the platform's own words.

    Attributes:
        external_id: the bot's id there.
        intents: limited gateway intents that the platform lets it use, as intent bits.
        guild_count: servers it is in, None when the platform does not say.
        starts_left: session starts left today, None when the platform does not say.
        interactions_url: where the platform sends its commands instead of the gateway; empty for nowhere else.
    """

    external_id: int
    name: str
    description: str = ""
    avatar: str | None = None
    banner: str | None = None
    intents: int = 0
    guild_count: int | None = None
    starts_left: int | None = None
    interactions_url: str = ""
    platform: Platform = Platform.DISCORD


@dataclass(frozen=True, slots=True)
class BotObservation:
    """All that a runner sees of a bot at one moment. What it leaves None is unknown, not unchanged.

    Attributes:
        epoch: of the lease under which it was seen; an older one is no longer believed.
        latency_ms: round trip of the last gateway heartbeat.
        connected_at: since when the gateway session stands.
        last_event_at: when the platform last sent anything.
    """

    bot_id: UUID
    epoch: int
    runner_id: UUID | None
    process: ProcessState
    gateway: GatewayState
    reason: Reason | None = None
    sentence: str = ""
    remedy: str = ""
    latency_ms: float | None = None
    guild_count: int | None = None
    starts_left: int | None = None
    connected_at: datetime | None = None
    last_event_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommandsObservation:
    """How the last synchronisation of commands went. `problem` is empty when it went well."""

    bot_id: UUID
    epoch: int
    digest: str | None
    synced_at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StateView:
    """What was last seen of a bot.

    Attributes:
        is_held: whether a runner stopped it on purpose and nobody wished anew since.
    """

    process: ProcessState
    gateway: GatewayState
    is_held: bool
    reason: Reason | None
    sentence: str
    remedy: str
    runner_id: UUID | None
    epoch: int
    latency_ms: float | None
    guild_count: int | None
    starts_left: int | None
    commands_digest: str | None
    commands_synced_at: datetime | None
    commands_problem: str
    connected_at: datetime | None
    last_event_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class BotView:
    """A bot as people see it: who it is, what is wanted of it, what was seen of it. Never its token.

    Attributes:
        token_last4: the end of its token; empty when it has none.
        token_fingerprint: tells tokens apart without giving one away; empty when it has none.
        has_token: whether a sealed token is stored.
        profile: what people see of it on the platform, as last told.
        interactions_url: where the platform sends its commands instead of to us; empty is as it should be.
    """

    id: UUID
    platform: Platform
    external_id: int
    name: str
    description: str
    avatar: str | None
    token_last4: str
    token_fingerprint: str
    has_token: bool
    intents: int
    tags: tuple[str, ...]
    desired_state: DesiredState
    generation: int
    version: int
    created_at: datetime
    updated_at: datetime
    state: StateView
    presence: Presence = Presence()
    profile: Profile = Profile("")
    interactions_url: str = ""


@dataclass(frozen=True, slots=True)
class DeletedBot:
    """A bot that was deleted and can be restored for a while. Its token is gone for good.

    Attributes:
        deleted_by: whoever did it, as `str(actor)`; empty for bots deleted before this was noted.
        purged_at: when everything that belongs to it goes.
    """

    id: UUID
    platform: Platform
    external_id: int
    name: str
    avatar: str | None
    deleted_at: datetime
    deleted_by: str
    purged_at: datetime


@dataclass(frozen=True, slots=True)
class SealedCell:
    """A sealed secret and the cell that it is bound to.

    Attributes:
        context: what it is bound to besides, as it stands in the row now; empty for a bot's token.
    """

    table: str
    column: str
    row_id: UUID
    sealed: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class BotLaunch:
    """What a runner needs to start a bot. The token is still sealed.

    Attributes:
        has_fingerprint: whether the token was stored with what it is known again by.
        presence: what it shows from its start on.
    """

    bot_id: UUID
    platform: Platform
    external_id: int
    name: str
    sealed_token: str
    intents: int
    generation: int
    has_fingerprint: bool = True
    presence: Presence = Presence()


@dataclass(frozen=True, slots=True)
class WantedBot:
    """A bot that should run now. A grown `generation` means: run afresh."""

    bot_id: UUID
    generation: int


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state for people: one word with its colour, why it is so, and what to do about it."""

    word: str
    tone: Tone
    sentence: str
    remedy: str


class BulkAction(StrEnum):
    """What can be done to many bots at once."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of one action on many bots.

    Attributes:
        done: bots that were changed, or that were so already.
        refused: why each of the others was not, in one sentence, by its id.
    """

    done: tuple[UUID, ...] = ()
    refused: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Give how many bots were decided on."""
        return len(self.done) + len(self.refused)

    def __contains__(self, bot_id: UUID) -> bool:
        return bot_id in self.refused or bot_id in self.done

    def __add__(self, other: "BulkOutcome") -> "BulkOutcome":
        return BulkOutcome(self.done + other.done, {**self.refused, **other.refused})

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave; nothing was done when it is empty."""
        refused = {UUID(bot_id): str(sentence) for bot_id, sentence in data.get("refused", {}).items()}
        return cls(tuple(map(UUID, data.get("done", ()))), refused)

    def to_json(self) -> dict[str, object]:
        """Give plain JSON data, as answers of jobs carry it."""
        return {
            "done": [str(bot_id) for bot_id in self.done],
            "refused": {str(bot_id): sentence for bot_id, sentence in self.refused.items()},
        }

"""Words of which bots, and what is said of them, are made."""

from enum import StrEnum
from typing import Final


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
    QUARANTINED = "quarantined"
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


GUILDS_INTENT: Final = 1
"""The gateway intent without which Discord names no servers (Gateway, list of intents: `GUILDS`)."""

MAX_NAME_LENGTH: Final = 80
MAX_DESCRIPTION_LENGTH: Final = 400
MAX_TAGS: Final = 10
MAX_TAG_LENGTH: Final = 32
MAX_URL_LENGTH: Final = 512

MAX_AT_ONCE: Final = 5
"""Bots of one request beyond which a worker does it, with progress."""

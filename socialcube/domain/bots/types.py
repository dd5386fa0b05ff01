"""Words about bots."""

from enum import StrEnum


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

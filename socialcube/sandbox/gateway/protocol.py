"""Opcodes, close codes and intents of the gateway (Discord docs, "Opcodes and Status Codes", "Gateway")."""

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Any, ClassVar, Final

from socialcube.kernel.errors import SocialCubeError


class Opcode(IntEnum):
    """What a frame is for."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11
    REQUEST_SOUNDBOARD_SOUNDS = 31


class CloseCode(IntEnum):
    """Why the gateway closes."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    RATE_LIMITED = 4008
    SESSION_TIMED_OUT = 4009
    INVALID_SHARD = 4010
    SHARDING_REQUIRED = 4011
    INVALID_API_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


# After these a session cannot be resumed (Discord docs, "Gateway Close Event Codes"). A client that closes
# with 1000 or 1001 ends its session too.
ENDS_SESSION: Final = frozenset({4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})
CLIENT_ENDS_SESSION: Final = frozenset({1000, 1001})


class Intent(IntFlag):
    """The intents that decide about events which the stand-in sends."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    MESSAGE_CONTENT = 1 << 15


LIMITED: Final = int(Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT)
# Bits 0 to 16, 20, 21, 24 and 25 are in use (Discord docs, "List of Intents").
KNOWN: Final = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

NEEDED: Final[Mapping[str, int]] = {
    "GUILD_CREATE": Intent.GUILDS,
    "GUILD_UPDATE": Intent.GUILDS,
    "GUILD_DELETE": Intent.GUILDS,
    "CHANNEL_CREATE": Intent.GUILDS,
    "CHANNEL_UPDATE": Intent.GUILDS,
    "CHANNEL_DELETE": Intent.GUILDS,
    "GUILD_ROLE_CREATE": Intent.GUILDS,
    "GUILD_ROLE_DELETE": Intent.GUILDS,
    "GUILD_MEMBER_ADD": Intent.GUILD_MEMBERS,
    "GUILD_MEMBER_UPDATE": Intent.GUILD_MEMBERS,
    "GUILD_MEMBER_REMOVE": Intent.GUILD_MEMBERS,
    "MESSAGE_CREATE": Intent.GUILD_MESSAGES,
    "MESSAGE_UPDATE": Intent.GUILD_MESSAGES,
    "MESSAGE_DELETE": Intent.GUILD_MESSAGES,
}

FOR_ALL_SHARDS: Final = frozenset({"READY", "RESUMED", "USER_UPDATE"})

Frame = dict[str, Any]


class GatewayClosedError(SocialCubeError):
    """The gateway closes the connection with {close_code}."""

    code: ClassVar[str] = "gateway_closed"

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(close_code=close_code)
        self.close_code = close_code
        self.reason = reason


class NotNowError(SocialCubeError):
    """The gateway answers with Invalid Session: another IDENTIFY came too soon, or nothing can be resumed."""

    code: ClassVar[str] = "invalid_session"

    def __init__(self, *, resumable: bool = False) -> None:
        super().__init__()
        self.resumable = resumable


HEARTBEAT_ACK: Final[Frame] = {"op": int(Opcode.HEARTBEAT_ACK), "s": None, "t": None}


def frame(opcode: Opcode, data: Any = None) -> Frame:
    """Give a frame that is no event."""
    return {"op": int(opcode), "d": data, "s": None, "t": None}

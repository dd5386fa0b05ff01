"""What the gateway's close codes mean for a bot.

Source: Discord's documentation, "Gateway Close Event Codes".
"""

from typing import Final

from socialcube.adapters.errors import (
    ConnectionRefusedByPlatformError,
    IntentsMissingError,
    TokenInvalidError,
)

_WORDS: Final = {
    4000: "it asked to connect again",
    4001: "it did not know an opcode",
    4002: "it could not read what was sent",
    4003: "it had ended the session",
    4004: "it does not accept the token",
    4005: "the session was started twice",
    4007: "it lost count of the events",
    4008: "too much was sent in too short a time",
    4009: "the session timed out",
    4010: "it did not accept the shard",
    4011: "the bot is in so many servers that it must be sharded",
    4012: "it does not speak this version of the protocol any more",
    4013: "the intents are no valid set",
    4014: "the bot asks for limited intents that are not switched on for it",
}
_STARTS_ANEW: Final = frozenset({4003, 4007, 4009})


def is_resumable(code: int | None) -> bool:
    """Tell whether a session outlives a close with this code."""
    return code not in _STARTS_ANEW


def raise_if_final(code: int) -> None:
    """Raise for a code after which Discord wants no other try.

    Raises:
        TokenInvalidError: 4004.
        IntentsMissingError: 4013, 4014.
        ConnectionRefusedByPlatformError: 4010, 4011, 4012.
    """
    reason = _WORDS.get(code, "")
    match code:
        case 4004:
            raise TokenInvalidError(reason="the gateway refused it")
        case 4013 | 4014:
            raise IntentsMissingError(reason=reason)
        case 4010 | 4011 | 4012:
            raise ConnectionRefusedByPlatformError(close_code=code, reason=reason)


def describe_close(code: int | None) -> str:
    """Say in one sentence how a connection ended."""
    if code is None or code == 1006:  # noqa: PLR2004 - RFC 6455's code for "no close frame"
        return "The connection to Discord broke off."
    words = _WORDS.get(code)
    return f"Discord closed the connection with {code}" + (f": {words}." if words else ".")

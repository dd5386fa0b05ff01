"""Reads and checks what a client says about itself."""

from dataclasses import dataclass
from typing import Any

from socialcube.sandbox.gateway.protocol import KNOWN, LIMITED, CloseCode, GatewayClosedError

_MOST_SHARDS = 10_000


@dataclass(frozen=True, slots=True)
class Identify:
    """The parts of an IDENTIFY that the stand-in looks at.

    The flag `compress` is not among them: Discord's docs forbid it beside `compress=zlib-stream` in the
    address, py-cord 2.8.1 sends both, and only the stream is honoured.
    """

    token: str
    intents: int
    shard: tuple[int, int]


def read(data: dict[str, Any]) -> Identify:
    """Read an IDENTIFY, or raise GatewayClosedError."""
    token, intents = data.get("token"), data.get("intents")
    if not isinstance(token, str):
        raise GatewayClosedError(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")
    if not isinstance(intents, int) or isinstance(intents, bool):
        raise GatewayClosedError(CloseCode.INVALID_INTENTS, "Invalid intent(s).")
    return Identify(token.removeprefix("Bot "), intents, _shard(data.get("shard", [0, 1])))


def read_resume(data: dict[str, Any]) -> tuple[str, str, int]:
    """Read token, session id and sequence of a RESUME. Anything odd becomes what fits no session."""
    sequence = data.get("seq")
    whole = isinstance(sequence, int) and not isinstance(sequence, bool)
    token = str(data.get("token")).removeprefix("Bot ")
    return token, str(data.get("session_id")), int(sequence) if whole and sequence is not None else 0


def check_intents(asked: int, switched_on: int) -> None:
    """Refuse unknown intents (4013), and limited ones that are not switched on (4014)."""
    if asked < 0 or asked & ~KNOWN:
        raise GatewayClosedError(CloseCode.INVALID_INTENTS, "Invalid intent(s).")
    if asked & LIMITED & ~switched_on:
        raise GatewayClosedError(CloseCode.DISALLOWED_INTENTS, "Disallowed intent(s).")


def _shard(value: Any) -> tuple[int, int]:
    match value:
        case [int(number), int(count)] if 0 <= number < count <= _MOST_SHARDS:
            return number, count
    raise GatewayClosedError(CloseCode.INVALID_SHARD, "Invalid shard.")

"""Reads and checks what a client says about itself."""

from dataclasses import dataclass
from typing import Any, Final

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.gateway.protocol import KNOWN, LIMITED, CloseCode, GatewayClosedError
from socialcube.sandbox.world.records import Presence

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
    presence: Presence


def read(data: dict[str, Any]) -> Identify:
    """Read an IDENTIFY, or raise GatewayClosedError."""
    token, intents = data.get("token"), data.get("intents")
    if not isinstance(token, str):
        raise GatewayClosedError(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")
    if not isinstance(intents, int) or isinstance(intents, bool):
        raise GatewayClosedError(CloseCode.INVALID_INTENTS, "Invalid intent(s).")
    presence = Presence() if data.get("presence") is None else read_presence(data["presence"])
    return Identify(token.removeprefix("Bot "), intents, _shard(data.get("shard", [0, 1])), presence)


def read_resume(data: dict[str, Any]) -> tuple[str, str, int]:
    """Read token, session id and sequence of a RESUME. Anything odd becomes what fits no session."""
    sequence = data.get("seq")
    whole = isinstance(sequence, int) and not isinstance(sequence, bool)
    token = str(data.get("token")).removeprefix("Bot ")
    return token, str(data.get("session_id")), int(sequence) if whole and sequence is not None else 0


def read_presence(data: Any) -> Presence:
    """Read an op 3, or the presence in an IDENTIFY, or raise GatewayClosedError.

    All four fields must be there ("Gateway Presence Update Structure"). The presence that py-cord 2.8.1
    puts into IDENTIFY calls its activities `game`, which Discord has long forgotten.
    """
    try:
        form = fields.read(_presence, data)
    except InvalidFormError:
        raise GatewayClosedError(CloseCode.DECODE_ERROR, "Error while decoding payload.") from None
    if "since" not in data:
        raise GatewayClosedError(CloseCode.DECODE_ERROR, "Error while decoding payload.")
    status = "invisible" if form["status"] == "offline" else form["status"]
    return Presence(status, tuple(form["activities"]))


def check_intents(asked: int, switched_on: int) -> None:
    """Refuse unknown intents (4013), and limited ones that are not switched on (4014)."""
    if asked < 0 or asked & ~KNOWN:
        raise GatewayClosedError(CloseCode.INVALID_INTENTS, "Invalid intent(s).")
    if asked & LIMITED & ~switched_on:
        raise GatewayClosedError(CloseCode.DISALLOWED_INTENTS, "Disallowed intent(s).")


_activity: Final = fields.record(
    {
        "name": fields.text(least=1, most=128),
        "type": fields.one_of(range(6)),
        "state": fields.text(most=128),
        "url": fields.text(most=512),
    },
    required=("name", "type"),
)
_presence: Final = fields.record(
    {
        "status": fields.one_word(("online", "idle", "dnd", "invisible", "offline")),
        "activities": fields.array(_activity, most=25),
        "afk": fields.boolean,
        "since": fields.number(bound=1e15),
    },
    required=("status", "activities", "afk"),
)


def _shard(value: Any) -> tuple[int, int]:
    match value:
        case [int(number), int(count)] if 0 <= number < count <= _MOST_SHARDS:
            return number, count
    raise GatewayClosedError(CloseCode.INVALID_SHARD, "Invalid shard.")

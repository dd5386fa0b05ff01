"""Control over gateway sessions."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.gateway.connection import Connection
from socialcube.sandbox.gateway.protocol import Opcode, frame
from socialcube.sandbox.gateway.session import Session
from socialcube.sandbox.witness import name_of


async def list_sessions(order: Order) -> Any:
    """Give the sessions of one bot or of all, connected or waiting for a RESUME."""
    wanted = order.query(application_id=fields.snowflake).get("application_id")
    hub = order.parts.hub
    sessions = hub.all_sessions() if wanted is None else hub.sessions_of(wanted)
    return [_session_json(session) for session in sessions]


async def act(order: Order) -> Any:
    """Do something to the connections of a bot, or of one of its shards. Gives how many there were.

    The action is `close` (with `code`), `abort` (the TCP connection), `reconnect` (op 7), `invalidate`
    (op 9, `resumable` or not) or `mute` (the connection stays open and nothing comes through any more).
    """
    application_id = order.world.applications.get(order.id("application_id")).id
    form = order.read(
        action=fields.text(most=20),
        code=fields.integer(least=1000, most=4999),
        resumable=fields.boolean,
        shard=fields.integer(most=10_000),
    )
    required(form, "action")
    action, hub, shard = form["action"], order.parts.hub, form.get("shard")
    if action == "invalidate":
        resumable = form.get("resumable", False)
        return {"connections": hub.invalidate(application_id, resumable=resumable, shard=shard)}
    if action not in _ACTIONS:
        raise InvalidFormError({"action": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": _CHOICES}]}})
    connections = [connection for _, connection in hub.connected(application_id, shard)]
    for connection in connections:
        _ACTIONS[action](connection, form.get("code", 4000))
    return {"connections": len(connections)}


async def dispatch(order: Order) -> Any:
    """Send any event to a bot, well-formed or not. Gives how many sessions got it.

    One that names a guild goes to the shard of that guild, every other to the first.
    """
    application_id = order.world.applications.get(order.id("application_id")).id
    form = order.read(event=fields.text(least=1, most=100), data=lambda value, _: value)
    required(form, "event")
    data = form.get("data", {})
    guild_id = str(data.get("guild_id")) if isinstance(data, dict) else ""
    guild = int(guild_id) if guild_id.isdecimal() and len(guild_id) < _LONGEST_ID else None
    return {"sessions": order.parts.hub.dispatch(application_id, form["event"], data, guild_id=guild)}


def _mute(connection: Connection, _code: int) -> None:
    connection.muted = True


_LONGEST_ID: Final = 21
_ACTIONS: Final[dict[str, Callable[[Connection, int], None]]] = {
    "close": lambda connection, code: connection.close(code),
    "abort": lambda connection, _: connection.abort(),
    "reconnect": lambda connection, _: connection.send(frame(Opcode.RECONNECT)),
    "mute": _mute,
}
_CHOICES: Final = f"Value must be one of {{{', '.join(sorted([*_ACTIONS, 'invalidate']))}}}."


def _session_json(session: Session) -> dict[str, Any]:
    connection = session.connection
    return {
        "id": session.id,
        "application_id": str(session.application_id),
        "token": name_of(session.token),
        "connected": connection is not None,
        "path": connection.path if connection else None,
        "sequence": session.sequence,
        "intents": session.intents,
        "shard": list(session.shard),
        "resumes": session.resumes,
        "started_at": session.started_at,
        "presence": asdict(session.presence),
    }

"""The stand-in: what bots ask, how they identify, and how often they answered."""

import itertools
import json
import secrets
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from bench.peers.gateway.frames import Frames
from bench.peers.gateway.wire import Answer, Request, Wire
from socialcube.sandbox.world import tokens

if TYPE_CHECKING:
    import asyncio

_HELLO: Final = '{"op":10,"d":{"heartbeat_interval":41250},"s":null,"t":null}'
_ACK: Final = '{"op":11,"d":null,"s":null,"t":null}'
_INVALID: Final = '{"op":9,"d":false,"s":null,"t":null}'
_HEARTBEAT, _IDENTIFY, _RESUME = 1, 2, 6
_NOTHING: Final = (204, b"")


@dataclass(slots=True, eq=False)
class Session:
    """One IDENTIFY: whose it is, how many events it was told, and through which connection."""

    bot_id: int
    sequence: int = 0
    peer: "GatewayPeer | None" = None


class GatewayPeer:
    """One gateway connection."""

    def __init__(self, server: "Server", wire: Wire) -> None:
        self._server = server
        self.wire = wire
        self.session: Session | None = None
        wire.send(_HELLO)

    def take(self, payload: bytes) -> None:
        """Obey a frame."""
        frame = json.loads(payload)
        if frame["op"] == _HEARTBEAT:
            self.wire.send(_ACK)
        elif frame["op"] == _IDENTIFY:
            self._server.identify(self, frame["d"])
        elif frame["op"] == _RESUME:
            self._server.resume(self, frame["d"])

    def left(self) -> None:
        """Let the session wait for whoever goes on with it."""
        if self.session is not None and self.session.peer is self:
            self.session.peer = None
            self._server.live.pop(self.session.bot_id, None)

    def dispatch(self, name: str, data: str) -> None:
        """Send an event whose JSON is given."""
        assert self.session is not None
        self.session.sequence += 1
        self.wire.send(f'{{"op":0,"t":"{name}","s":{self.session.sequence},"d":{data}}}')


class Server:
    """Knows who is connected, and what was answered.

    Attributes:
        address: host and port, known once it listens.
        live: the gateway connection of each bot that is online.
        counts: `identify`, `resume`, `doubled` answers, and REST calls by method and pattern.
        waiting: interactions without an answer, by id.
        last_up: monotonic seconds of the last READY or RESUMED.
    """

    def __init__(self) -> None:
        self.address = ""
        self.live: dict[int, GatewayPeer] = {}
        self.counts: Counter[str] = Counter()
        self.waiting: dict[str, asyncio.Future[float]] = {}
        self.last_up = 0.0
        self._answered: set[str] = set()
        self._sessions: dict[str, Session] = {}
        self._commands: dict[int, list[dict[str, Any]]] = {}
        self._ids = itertools.count(10_000_000)

    def new_id(self) -> str:
        """Give an id that nothing has."""
        return str(next(self._ids))

    def command_id(self, bot_id: int) -> str:
        """Give the id of a bot's first command."""
        found = self._commands.get(bot_id)
        return str(found[0]["id"]) if found else self.new_id()

    def identify(self, peer: GatewayPeer, data: dict[str, Any]) -> None:
        """Begin a session."""
        self.counts["identify"] += 1
        session_id = secrets.token_hex(16)
        session = self._sessions[session_id] = Session(tokens.owner_of(data["token"]))
        self._join(peer, session)
        frames = Frames(session.bot_id, self.address)
        peer.dispatch("READY", frames.ready(session_id))
        peer.dispatch("GUILD_CREATE", frames.guild_create())

    def resume(self, peer: GatewayPeer, data: dict[str, Any]) -> None:
        """Go on with a session."""
        self.counts["resume"] += 1
        session = self._sessions.get(data["session_id"])
        if session is None:
            peer.wire.send(_INVALID)
            return
        self._join(peer, session)
        peer.dispatch("RESUMED", "{}")

    def respond(self, request: Request) -> Answer:
        """Answer a REST call."""
        parts = request.path.removeprefix("/api/v10/").split("/")
        self.counts[f"{request.method} {parts[0]}/{parts[-1] if parts[0] != 'interactions' else ''}"] += 1
        bot_id = tokens.owner_of(request.token) if request.token else 0
        match parts:
            case ["interactions", interaction_id, _, "callback"]:
                return self._called_back(interaction_id, request)
            case ["gateway"] | ["gateway", "bot"]:
                return _json(self._gateway())
            case ["users", "@me"]:
                return 200, Frames(bot_id, self.address).me()
            case ["applications", _, "commands"]:
                return _json(self._take_commands(bot_id, request))
            case ["applications", "@me"]:
                return _json({"id": str(bot_id), "flags": 0, "bot_public": True})
        return 404, b'{"message": "404: Not Found", "code": 0}'

    def _join(self, peer: GatewayPeer, session: Session) -> None:
        peer.session, session.peer = session, peer
        self.live[session.bot_id] = peer
        self.last_up = time.monotonic()

    def _called_back(self, interaction_id: str, request: Request) -> Answer:
        at = time.perf_counter()
        self.counts["doubled"] += interaction_id in self._answered
        self._answered.add(interaction_id)
        waiting = self.waiting.pop(interaction_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(at)
        self.counts[f"callback of type {_kind(request.body)}"] += 1
        if "with_response=true" not in request.query.lower():
            return _NOTHING
        return 200, Frames(0, self.address).posted()

    def _gateway(self) -> dict[str, Any]:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": f"ws://{self.address}/gateway", "shards": 1, "session_start_limit": limit}

    def _take_commands(self, bot_id: int, request: Request) -> Any:
        kept = self._commands.setdefault(bot_id, [])
        if request.method == "GET":
            return kept
        given = json.loads(request.body)
        made = [
            {"version": "1", "application_id": str(bot_id), **item, "id": self.new_id()}
            for item in (given if isinstance(given, list) else [given])
        ]
        kept[:] = made if request.method == "PUT" else kept + made
        return kept if request.method == "PUT" else made[0]


def _kind(body: bytes) -> int:
    """Give the type of a callback, which py-cord sends as a form."""
    text = body.decode()
    if not text.startswith("{"):
        text = parse_qs(text)["payload_json"][0]
    return int(json.loads(text)["type"])


def _json(value: Any) -> Answer:
    return 200, json.dumps(value).encode()

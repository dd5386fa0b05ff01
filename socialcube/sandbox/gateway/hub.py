"""All gateway sessions: begins them, resumes them, and brings the world's changes to them."""

from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from socialcube.sandbox.gateway import events, identify
from socialcube.sandbox.gateway.admission import Admission
from socialcube.sandbox.gateway.connection import Connection
from socialcube.sandbox.gateway.faults import GatewayFaults
from socialcube.sandbox.gateway.protocol import (
    CloseCode,
    GatewayClosedError,
    Intent,
    NotNowError,
    Opcode,
    frame,
)
from socialcube.sandbox.gateway.session import Session
from socialcube.sandbox.gateway.troubles import meet
from socialcube.sandbox.witness import Seen, Witness
from socialcube.sandbox.world import tokens
from socialcube.sandbox.world.records import Presence
from socialcube.sandbox.world.world import World

# A connection may be this much later than its heartbeat interval before it counts as dead.
_PATIENCE: Final = 1.5


class Hub:
    """Keeps the sessions of all bots.

    Args:
        world: the world that sessions belong to.
        witness: notes every step of every connection.
    """

    def __init__(self, world: World, witness: Witness) -> None:
        self.world = world
        self._witness = witness
        self._sessions: dict[int, dict[str, Session]] = {}
        self._connections: set[Connection] = set()
        self.admission = Admission(world)
        self.faults = GatewayFaults()

    def attach(self, connection: Connection) -> None:
        """Remember a new connection."""
        self._connections.add(connection)
        self._note("connect", connection, None, "")

    def identify(self, connection: Connection, data: dict[str, Any]) -> None:
        """Begin a session: READY, then a GUILD_CREATE for each guild.

        Raises:
            GatewayClosedError: token, shard or intents are not accepted.
            NotNowError: too soon after the last one.
        """
        asked = identify.read(data)
        # Refused attempts are noted too: a test must see that a bot with a bad token tried only once.
        application = self.world.applications.find_by_token(asked.token)
        self._note("identify", connection, application.id if application else None, asked.token, asked.shard)
        if application is None:
            raise GatewayClosedError(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")
        meet(self.faults, connection, "identify", application.id, asked.shard[0])
        self.admission.admit(application, asked)
        session = Session(
            id=tokens.opaque(),
            application_id=application.id,
            token=asked.token,
            intents=asked.intents,
            shard=asked.shard,
            replay=deque(maxlen=self.world.limits.replay_events),
            started_at=self.world.clock.now().isoformat(),
            presence=asked.presence,
            faults=self.faults,
        )
        self._sessions.setdefault(application.id, {})[session.id] = session
        self._join(connection, session)
        self._greet(session, connection.base_url)
        meet(self.faults, connection, "ready", application.id, asked.shard[0])

    def resume(self, connection: Connection, data: dict[str, Any]) -> None:
        """Continue a session: the missed events in order, then RESUMED.

        Raises:
            GatewayClosedError: the token is not accepted, or the sequence lies in the future.
            NotNowError: there is no such session, or its missed events are no longer kept.
        """
        token, session_id, sequence = identify.read_resume(data)
        application = self.world.applications.find_by_token(token)
        session = self._sessions.get(application.id if application else 0, {}).get(session_id)
        shard = session.shard if session else None
        self._note("resume", connection, application.id if application else None, token, shard)
        if application is None:
            raise GatewayClosedError(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")
        meet(self.faults, connection, "identify", application.id, shard[0] if shard else None)
        if session is None:
            raise NotNowError
        if sequence > session.sequence:
            self._drop(session)
            raise GatewayClosedError(CloseCode.INVALID_SEQUENCE, "Invalid seq.")
        missed = session.missed_since(sequence)
        if missed is None:
            self._drop(session)
            raise NotNowError
        if session.connection is not None:
            # The old connection may be half-open, so its end must not cut the session off again.
            session.connection.session = None
            session.connection.close(CloseCode.UNKNOWN_ERROR)
        self._join(connection, session)
        session.resumes += 1
        for text in missed:
            connection.deliver(text)
        session.dispatch("RESUMED", {"_trace": ["sandbox"]})
        meet(self.faults, connection, "ready", application.id, session.shard[0])

    def obey(self, session: Session, opcode: int, data: Any) -> None:
        """Do what an identified client asks, or raise GatewayClosedError for what does not exist."""
        asked = data if isinstance(data, dict) else {}
        if opcode == Opcode.PRESENCE_UPDATE:
            session.presence = identify.read_presence(data)
            self._tell_presence(session.application_id, session.presence)
        elif opcode == Opcode.REQUEST_GUILD_MEMBERS:
            self._send_members(session, asked)
        elif opcode == Opcode.REQUEST_SOUNDBOARD_SOUNDS:
            self._send_sounds(session, asked.get("guild_ids"))
        elif opcode != Opcode.VOICE_STATE_UPDATE:
            raise GatewayClosedError(CloseCode.UNKNOWN_OPCODE, "Unknown opcode.")

    def detach(self, connection: Connection, code: int, *, ended: bool) -> None:
        """Note that a connection closed; its session waits for a RESUME unless it ended."""
        self._connections.discard(connection)
        session, connection.session = connection.session, None
        self._note_end(connection, code)
        if session is None or session.connection is not connection:
            return
        session.connection, session.detached = None, self.world.clock.monotonic()
        if ended:
            self._drop(session)
        self._tell_presence(session.application_id)

    def sessions_of(self, application_id: int) -> list[Session]:
        """Give the sessions of a bot, connected or waiting, oldest first."""
        return list(self._sessions.get(application_id, {}).values())

    def all_sessions(self) -> list[Session]:
        """Give all sessions."""
        return [session for sessions in self._sessions.values() for session in sessions.values()]

    def dispatch(
        self,
        application_id: int,
        event: str,
        data: Any,
        *,
        guild_id: int | None = None,
        member_id: int | None = None,
    ) -> int:
        """Send an event to every session of a bot that wants it. Gives how many."""
        wanting = [
            item
            for item in self.sessions_of(application_id)
            if item.wants(event, guild_id, member_id=member_id)
        ]
        for session in wanting:
            session.dispatch(event, data)
        return len(wanting)

    def invalidate(self, application_id: int, *, resumable: bool, shard: int | None = None) -> int:
        """Send op 9 to a bot's connections; those that cannot resume lose their session. Gives how many."""
        connected = list(self.connected(application_id, shard))
        for session, connection in connected:
            connection.send(frame(Opcode.INVALID_SESSION, data=resumable))
            if not resumable:
                self._drop(session)
        return len(connected)

    def connected(
        self, application_id: int, shard: int | None = None
    ) -> Iterator[tuple[Session, Connection]]:
        """Give a bot's sessions that have a connection, with it; of one shard or (None) of all."""
        for session in self.sessions_of(application_id):
            if session.connection is not None and shard in {None, session.shard[0]}:
                yield session, session.connection

    def end_sessions(self, application_id: int, code: int) -> None:
        """Close a bot's connections and forget its sessions, for a token that no longer works."""
        for _, connection in list(self.connected(application_id)):
            connection.close(code)
        for session in self.sessions_of(application_id):
            self._drop(session)

    def watch(self) -> None:
        """Close connections without a pulse and forget sessions that nobody resumed. Call it often."""
        now, limits = self.world.clock.monotonic(), self.world.limits
        for connection in tuple(self._connections):
            if now - connection.last_beat > limits.heartbeat_seconds * _PATIENCE:
                # A peer that does not even take the close frame is cut off at the next look.
                connection.abort() if connection.closed_with else connection.close(
                    CloseCode.SESSION_TIMED_OUT
                )
        for session in self.all_sessions():
            if session.connection is None and now - session.detached > limits.resume_seconds:
                self._drop(session)

    def close_all(self, code: int = 1001) -> None:
        """Close every connection, when the server stops."""
        for connection in tuple(self._connections):
            connection.close(code)

    def _join(self, connection: Connection, session: Session) -> None:
        connection.session, session.connection = session, connection
        self._tell_presence(session.application_id)

    def _greet(self, session: Session, base_url: str) -> None:
        greeting = events.ready(self.world, session.id, session.application_id, session.shard, base_url)
        session.dispatch("READY", greeting)
        for guild in self.world.guilds.list_of(session.application_id):
            if session.wants("GUILD_CREATE", guild.id):
                shape = events.guild_create(self.world, guild, session.application_id, session.intents)
                session.dispatch("GUILD_CREATE", shape)

    def _send_members(self, session: Session, asked: dict[str, Any]) -> None:
        wanted = str(asked.get("guild_id"))
        everyone = not asked.get("user_ids") and not asked.get("query")
        if everyone and not session.intents & Intent.GUILD_MEMBERS:
            raise GatewayClosedError(CloseCode.DISALLOWED_INTENTS, "Disallowed intent(s).")
        for guild in self.world.guilds.list_of(session.application_id):
            if str(guild.id) == wanted and session.wants("GUILD_MEMBERS_CHUNK", guild.id):
                session.dispatch("GUILD_MEMBERS_CHUNK", events.members_chunk(self.world, guild, asked))

    def _send_sounds(self, session: Session, guild_ids: Any) -> None:
        for guild in self.world.guilds.list_of(session.application_id):
            if isinstance(guild_ids, list) and str(guild.id) in {str(key) for key in guild_ids}:
                shape = {"guild_id": str(guild.id), "soundboard_sounds": []}
                session.dispatch("SOUNDBOARD_SOUNDS", shape)

    def _drop(self, session: Session) -> None:
        self._sessions.get(session.application_id, {}).pop(session.id, None)
        self._tell_presence(session.application_id)

    def _tell_presence(self, application_id: int, latest: Presence | None = None) -> None:
        """Show what the bot's last word was, of whichever of its sessions; those still there otherwise."""
        there = [session.presence for session, _ in self.connected(application_id)]
        shown = latest or (there[-1] if there else Presence())
        self.world.applications.set_online(application_id, online=bool(there), presence=shown)

    def _note_end(self, connection: Connection, code: int) -> None:
        # One that was refused has no session, yet it is known by then who it was.
        self._note("disconnect", connection, *connection.owner).status = code

    def _note(
        self,
        kind: str,
        connection: Connection,
        application_id: int | None,
        token: str,
        shard: tuple[int, int] | None = None,
    ) -> Seen:
        connection.owner = (application_id, token, shard)
        return self._witness.note(
            kind, application_id=application_id, token=token, path=connection.path, shard=shard
        )

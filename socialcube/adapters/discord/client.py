"""One bot's client: py-cord's, with our way of connecting, staying connected and leaving."""

import asyncio
import contextlib
import logging
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
from discord.errors import ConnectionClosed
from discord.gateway import ReconnectWebSocket
from discord.state import ConnectionState

from socialcube.adapters.base import BotEvents, Connection, Launch
from socialcube.adapters.discord.closing import describe_close, is_resumable, raise_if_final
from socialcube.adapters.discord.gateway_socket import GatewaySocket, is_open
from socialcube.adapters.discord.guilds import changed_guild
from socialcube.adapters.discord.handled import HandledSequence
from socialcube.adapters.discord.interactions import InteractionReader
from socialcube.adapters.discord.known_guilds import KnownGuilds
from socialcube.adapters.discord.presences import to_presence
from socialcube.adapters.discord.reconnect import ReconnectPlan
from socialcube.adapters.discord.rest import RestClient, gateway_url
from socialcube.adapters.discord.state import LeanState
from socialcube.adapters.discord.transport import Transport, describe
from socialcube.adapters.errors import PlatformUnreachableError, TokenInvalidError
from socialcube.domain.bots.types import Presence
from socialcube.domain.placements.types import ResumableSession

if TYPE_CHECKING:
    from datetime import datetime

_CONNECT_SECONDS: Final = 30.0
_FRAMES_AT_ONCE: Final = 16
_END_CODE: Final = 1000
_HAND_OVER_CODE: Final = 4000

# No bot here speaks; py-cord would warn in every process that its voice libraries are missing.
discord.utils.voice_dependency_warning_emitted = True

_log = logging.getLogger(__name__)


class GatewayClient(discord.Client):
    """Keeps one bot connected until it is told to end, or the platform refuses it for good.

    Args:
        launch: the bot and its token.
        events: hears what happens.
        transport: the process's connections.

    Attributes:
        last_event_at: when the gateway last sent an event.
        last_ack_at: when it last acknowledged a heartbeat, or a connection.
        handled: how far the events of the present session were handled.
        known: the servers of the present session.
    """

    def __init__(self, launch: Launch, events: BotEvents, transport: Transport) -> None:
        self.clock = transport.clock
        self.last_event_at: datetime | None = None
        self.last_ack_at: datetime | None = None
        self.handled = HandledSequence(launch.session.sequence if launch.session else 0)
        self.known = KnownGuilds(launch.guilds)
        self._launch = launch
        self._events = events
        self._transport = transport
        self._session = launch.session
        self._shard = launch.shard if launch.shard_count > 1 else None
        self._plan = ReconnectPlan(transport.clock, launch.session)
        self._ending = asyncio.Event()
        self.presence: Presence | None = None
        self._wanted = launch.presence
        super().__init__(
            loop=asyncio.get_running_loop(),
            intents=_intents(launch.intents),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            cache_default_sounds=False,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_id=self._shard,
            shard_count=launch.shard_count,
        )
        self._reader = InteractionReader(
            launch.bot_id,
            transport,
            events,
            name_guild=self.known.name_of,
            note_success=self._rest.note_success,
        )
        if launch.session is not None:
            self._restore(launch.session)

    @property
    def rest(self) -> RestClient:
        """Give the bot's REST client."""
        return self._rest

    @property
    def state(self) -> ConnectionState:
        """Give py-cord's cache."""
        return self._connection

    @property
    def application(self) -> int:
        """Give the application's id: before READY the bot's own, which is the same for all but old bots."""
        return self._connection.application_id or self._launch.external_id

    @property
    def session(self) -> ResumableSession | None:
        """Give what another process could resume, up to the last event that was handled."""
        return None if self._session is None else replace(self._session, sequence=self.handled.value)

    @property
    def latency_ms(self) -> float | None:
        """Give the round trip of the last heartbeat, None before the first."""
        seconds = self.ws.latency if is_open(self.ws) else math.inf
        return seconds * 1000 if math.isfinite(seconds) else None

    @property
    def _own_id(self) -> int:
        return self.user.id if self.user else self._launch.external_id

    def may_send(self) -> bool:
        """Tell whether this runner still owns the bot."""
        return self._events.may_send()

    async def set_presence(self, presence: Presence) -> None:
        """Show this from now on, and from each new session on.

        Raises:
            PlatformUnreachableError: there is no connection just now.
            LeaseLostError: this runner may not speak for the bot any more.
        """
        if not is_open(self.ws):
            raise PlatformUnreachableError(reason="there is no connection just now")
        await self.ws.send_as_json({"op": self.ws.PRESENCE, "d": to_presence(presence)})
        self.presence = self._wanted = presence

    def begin_presence(self) -> dict[str, Any]:
        """Give what a new session shows from its start on. One that goes on shows what it did before."""
        self.presence = self._wanted
        return to_presence(self._wanted)

    def dispatch(self, event: str, *args: Any, **kwargs: Any) -> None:
        """Do nothing: events go to the fleet directly, py-cord's listeners are not used."""

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, and connect again whenever the connection is lost, until `end`.

        Raises:
            HeldError: Discord refused the bot for good.
            StartsUsedUpError, LeaseLostError: as they say.
        """
        while not self.is_closed():
            lost = await self._stay_connected()
            self._session = self._session if lost.session else None
            if self.is_closed() or not reconnect:
                return
            pause = self._plan.went_down(lost.session, reached=lost.reached)
            self._session = self._session if self._plan.session else None
            self._events.disconnected(lost.sentence)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def end(self, *, hand_over: bool) -> None:
        """Leave the gateway, with the session kept for whoever goes on with it, or ended."""
        if self._closed:
            return
        self._closed = True
        self._ending.set()
        if not hand_over:
            self._session = None
        if is_open(self.ws):
            await self.ws.close(_HAND_OVER_CODE if hand_over else _END_CODE)

    async def close(self) -> None:
        """Leave the gateway and end the session."""
        await self.end(hand_over=False)

    def take_event(self, name: str, data: Any) -> asyncio.Task[None] | None:
        """Take one event that the gateway sent. Raises whatever a broken one causes.

        Returns:
            The run that it started, None when it is handled by that.
        """
        self.last_event_at = self.clock.now()
        if name == "INTERACTION_CREATE":
            return self._reader.take(data)
        if name == "READY":
            self._check_identity(data)
        if parse := self._connection.parsers.get(name):
            parse(data)
        self.known.take(name, data)
        if name in {"READY", "RESUMED"}:
            self._came_up(name, data)
        elif name == "GUILD_DELETE":
            # With `unavailable` it is an outage of Discord's; nobody removed the bot (docs, "Guild Delete").
            is_outage = data.get("unavailable")
            (self._events.guild_unavailable if is_outage else self._events.guild_left)(int(data["id"]))
        elif (guild_id := changed_guild(name, data, self._own_id)) is not None:
            self._events.guild_changed(guild_id)
        return None

    def note_ack(self) -> None:
        """Note that the gateway acknowledged a heartbeat, or let a session begin or go on."""
        self.last_ack_at = self.clock.now()

    def skip_event(self, name: str, error: Exception) -> None:
        """Leave out an event that cannot be understood, and say so."""
        _log.warning("Skipped the event %s: %s", name, type(error).__name__)
        self._events.event_skipped(name, f"{type(error).__name__}: {error}"[:300])

    def _get_state(self, **options: Any) -> LeanState:
        # py-cord calls this while it constructs the client, before anything keeps its own HTTP client.
        self._rest = RestClient(
            self._transport, self._launch.token, self._events.may_send, bot_id=self._launch.bot_id
        )
        self.http = self._rest
        return LeanState(
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            loop=self.loop,
            **options,
        )

    async def _stay_connected(self) -> "_Loss":
        """Hold one connection until it is lost."""
        try:
            await self._open()
            while True:
                for _ in range(_FRAMES_AT_ONCE):
                    await self.ws.poll_event()
                # What is here already is read without a pause: a flood to one bot would hold up all others.
                await asyncio.sleep(0)
        except ReconnectWebSocket as request:
            code = _close_code(self.ws)
            resumable = request.resume and is_resumable(code)
            if is_open(self.ws):
                # What could not be understood, or fell silent, came over a connection that still stands.
                await self.ws.close(_HAND_OVER_CODE if request.resume else _END_CODE)
            return _Loss(self._find_session() if resumable else None, describe_close(code))
        except ConnectionClosed as closed:
            if not self.is_closed():
                self._session = None
                raise_if_final(closed.code)
            return _Loss(None, describe_close(closed.code))
        except PlatformUnreachableError as error:
            return _Loss(self._find_session(), error.message, reached=False)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return _Loss(self._find_session(), PlatformUnreachableError(reason=describe(error)).message)

    async def _open(self) -> None:
        session = self._plan.session
        if session is not None:
            await self._resume(session)
            return
        url, starts = await self.rest.get_session_start()
        await self._events.admit_start(starts)
        # Its turn may be long in coming, so only what follows has a deadline.
        async with asyncio.timeout(_CONNECT_SECONDS):
            self.ws = await GatewaySocket.from_client(self, gateway=url, shard_id=self._shard, initial=True)

    async def _resume(self, session: ResumableSession) -> None:
        url = gateway_url(session.url)
        if not self._plan.trusts_address:
            url, _ = await self.rest.get_session_start()
        async with asyncio.timeout(_CONNECT_SECONDS):
            self.ws = await GatewaySocket.from_client(
                self,
                gateway=url,
                shard_id=self._shard,
                session=session.id,
                sequence=session.sequence,
                resume=True,
            )
        self.ws.resume_gateway_url = session.url

    def _restore(self, session: ResumableSession) -> None:
        """Tell py-cord's cache what only READY says, since none comes for a session that goes on."""
        self._connection.application_id = session.application_id
        me: Any = {"id": self._launch.external_id, "username": "", "discriminator": "0", "avatar": None}
        self._connection.user = discord.ClientUser(state=self._connection, data=me)

    def _find_session(self) -> ResumableSession | None:
        """Give what the last connection left to resume."""
        if self._session is None:
            # Whatever a connection before that remembers, the platform has ended it.
            return None
        ws: Any = self.ws  # None before the first connection, whatever py-cord's annotation says
        if ws is None or ws.session_id is None or ws.sequence is None or ws.resume_gateway_url is None:
            return self._plan.session
        return ResumableSession(ws.session_id, ws.sequence, ws.resume_gateway_url, self.application)

    def _check_identity(self, data: Any) -> None:
        ids = {int(data["user"]["id"]), int(data["application"]["id"])}
        if self._launch.external_id not in ids:
            raise TokenInvalidError(reason="it belongs to another bot")

    def _came_up(self, name: str, data: Any) -> None:
        self._plan.came_up()
        self.note_ack()
        if name == "RESUMED":
            self._events.resumed()
            return
        self.handled = HandledSequence()
        self._session = ResumableSession(
            str(data["session_id"]), 0, str(data["resume_gateway_url"]), self.application
        )
        self._events.connected(Connection(self.known.ids))


@dataclass(frozen=True, slots=True)
class _Loss:
    """How a connection ended: what can be resumed, one sentence, and whether the gateway was reached."""

    session: ResumableSession | None
    sentence: str
    reached: bool = True


def _intents(bits: int) -> discord.Intents:
    """Give the bits as py-cord's object; without GUILDS no cache could be kept."""
    intents = discord.Intents.none()
    intents.value = bits | discord.Intents.guilds.flag
    return intents


def _close_code(ws: Any) -> int | None:
    return None if ws is None else ws._close_code or ws.socket.close_code

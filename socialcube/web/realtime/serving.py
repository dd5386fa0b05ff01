"""Puts the socket in front of the application, in each serving process after the fork."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from flask_socketio import SocketIO
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio import RedisManager

from socialcube.domain.api_keys.registry import KeyRegistry
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.infra.redis_clients import CALL_TIMEOUT_SECONDS
from socialcube.infra.socket_tickets import SocketTickets
from socialcube.kernel.ids import read_id
from socialcube.kernel.settings import Settings
from socialcube.web.context import services_of
from socialcube.web.realtime import handlers, live
from socialcube.web.realtime.live import LiveChannel
from socialcube.web.realtime.origins import OriginGuard, allowed_origins
from socialcube.web.realtime.sender import LocalSender

PING_SECONDS: Final = 5
"""A page that hears neither this nor anything else for 8 s takes the socket for dead: static/js/socket.js."""

PONG_SECONDS: Final = 10
"""A page that does not answer for so long is gone."""

MAX_MESSAGE_BYTES: Final = 16 * 1024

_NAMESPACE: Final = "/"
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveServer:
    """The live channel and the sockets it speaks over."""

    sockets: SocketIO
    channel: LiveChannel
    tickets: SocketTickets

    def close(self) -> None:
        """End the loops and every socket, so that the pages go to another process."""
        self.channel.stop()
        for viewer in self.channel.hub.viewers.list():
            _end(self.sockets, viewer.sid)
        self.tickets.close()


def attach(app: Flask, *, async_mode: str) -> LiveServer:
    """Let an application answer WebSockets and start what feeds them.

    Args:
        app: the application. It must not be shared with a process that is forked later.
        async_mode: how the server of this process waits, in the words of python-socketio.
    """
    shared = services_of(app).shared
    settings = shared.settings
    sockets = SocketIO(
        app,
        async_mode=async_mode,
        # Pages stay on one connection, so any process may serve them: polling would need sticky sessions.
        transports=["websocket"],
        allow_upgrades=False,
        client_manager=_make_queue(settings),
        cors_allowed_origins=sorted(allowed_origins(settings.web)),
        # One page's wishes are granted in the order in which it utters them.
        async_handlers=False,
        manage_session=False,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        max_http_buffer_size=MAX_MESSAGE_BYTES,
    )
    guarded: Any = OriginGuard(app.wsgi_app, allowed_origins(settings.web))
    app.wsgi_app = guarded  # type: ignore[method-assign] # Flask's documented way to add middleware
    tickets = SocketTickets(settings.redis_url, namespace=settings.socketio_channel, clock=shared.clock)
    channel = live.build(
        shared,
        LocalSender(sockets.server),
        lambda sid: sockets.start_background_task(_end, sockets, sid),
        hear=forgetting(services_of(app).keys),
    )
    handlers.register(sockets, channel.hub, tickets)
    channel.start()
    return LiveServer(sockets, channel, tickets)


def forgetting(keys: KeyRegistry) -> dict[Topic, Callable[[ControlMessage], None]]:
    """Say what this process forgets of API keys at which hint. Without hints it forgets after a moment."""

    def on_access(message: ControlMessage) -> None:
        user_id = read_id(message.subject)
        if user_id is not None:
            keys.forget_of(user_id)

    return {
        Topic.KEYS_CHANGED: lambda message: keys.forget(message.subject),
        Topic.ACCESS_CHANGED: on_access,
    }


def _make_queue(settings: Settings) -> RedisManager:
    """Make the message queue, by which any process may speak to the sockets of all. Ours need it for nothing.

    Made here, since Flask-SocketIO 5.7 takes a `unix://` address for Kombu's. Its messages are JSON.
    """
    options = {
        # Listening waits as long as it takes; only connecting is bounded.
        "socket_timeout": None,
        "socket_connect_timeout": CALL_TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    return RedisManager(settings.redis_url.reveal(), channel=settings.socketio_channel, redis_options=options)


def _end(sockets: SocketIO, sid: str) -> None:
    """End a socket at once. Engine.IO's own way waits until a slow page took all that waits for it."""
    server = sockets.server
    socket = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, _NAMESPACE))
    if socket is not None:
        socket.close(wait=False)

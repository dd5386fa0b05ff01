"""Hands encoded messages to the sockets of this process, and to no queue that could grow."""

from collections.abc import Iterable
from typing import Any, Final, Protocol

from engineio import packet as engine_packet
from socketio import Server
from socketio import packet as socket_packet

from socialcube.web.realtime.wires import keep_wires, to_frame, write_now

MAX_WAITING: Final = 32
"""Messages that may wait for one socket. A page that is slower fetches over HTTP instead."""

_NAMESPACE: Final = "/"


class Sender(Protocol):
    """Sends to sockets of this process."""

    def send(self, sids: Iterable[str], event: str, data: str) -> set[str]:
        """Send one event to several sockets.

        Args:
            sids: of the sockets; one that is gone is left out.
            event: its name.
            data: its only argument, as JSON.

        Returns:
            Those to whom it was not sent, because too much waits for them already.
        """
        ...

    def tell(self, sid: str, event: str, data: str) -> None:
        """Send a word to one socket, however much waits for it. Only for what is sent once."""
        ...


class LocalSender:
    """Sends past the message queue: every process has the same rows already.

    `Server.emit` encodes for each call and looks at no queue's length; this encodes once for all sockets,
    writes to those where nothing waits, and leaves out those who cannot follow.

    Args:
        server: of python-socketio.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        keep_wires(server)

    def send(self, sids: Iterable[str], event: str, data: str) -> set[str]:
        """Send, as the protocol says."""
        packet = _encode(event, data)
        frame = to_frame(packet.encode())
        slow = set()
        for sid in sids:
            socket = self._find_socket(sid)
            if socket is None or write_now(self._server, socket, frame):
                continue
            if socket.queue.qsize() >= MAX_WAITING:
                slow.add(sid)
            else:
                socket.send(packet)
        return slow

    def tell(self, sid: str, event: str, data: str) -> None:
        """Send, as the protocol says."""
        socket = self._find_socket(sid)
        if socket is not None:
            socket.send(_encode(event, data))

    def _find_socket(self, sid: str) -> Any:
        engine_id = self._server.manager.eio_sid_from_sid(sid, _NAMESPACE)
        socket = self._server.eio.sockets.get(engine_id)
        return None if socket is None or socket.closed else socket


def _encode(event: str, data: str) -> engine_packet.Packet:
    return engine_packet.Packet(engine_packet.MESSAGE, f'{socket_packet.EVENT}["{event}",{data}]')

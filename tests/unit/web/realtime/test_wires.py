from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Queue
from threading import Lock
from types import SimpleNamespace
from typing import Any

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from socialcube.web.realtime.wires import keep_wires, to_frame, write_now


@dataclass
class Wire:
    """A socket whose buffer takes so many bytes, as eventlet shows it."""

    room: int = 1 << 20
    written: bytes = b""
    version: int = 13
    is_shut: bool = False
    _sendlock: Any = field(default_factory=Lock)

    @property
    def socket(self) -> "Wire":
        return self

    @property
    def fd(self) -> "Wire":
        return self

    def send(self, data: bytes) -> int:
        if not self.room:
            raise BlockingIOError
        taken, self.room = data[: self.room], max(0, self.room - len(data))
        self.written += taken
        return len(taken)

    def sendall(self, data: bytes) -> None:
        if self.room < 0:
            raise ConnectionResetError
        self.written += data

    def shutdown_safe(self) -> None:
        self.is_shut = True


class Engine:
    """The server; it keeps what it is to do in the background."""

    def __init__(self) -> None:
        self.later: list[Callable[[], object]] = []
        self.eio = SimpleNamespace(_async={"websocket": lambda handler, _: handler})

    def start_background_task(self, task: Callable[..., object], *words: object) -> None:
        self.later.append(lambda: task(*words))


def socket_of(wire: object) -> Any:
    return SimpleNamespace(wire=wire, queue=Queue())


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 100_000])
def test_a_frame_is_read_as_the_text(length: int) -> None:
    text = "é" * (length // 2) + "x" * (length % 2)
    reader = Connection(ConnectionType.CLIENT)
    reader.receive_data(to_frame(text))
    (message,) = reader.events()
    assert isinstance(message, TextMessage)
    assert (message.data, message.message_finished) == (text, True)


def test_a_frame_is_written_where_nothing_waits() -> None:
    wire = Wire()
    assert write_now(Engine(), socket_of(wire), b"frame")
    assert wire.written == b"frame"


def test_a_frame_goes_behind_what_waits() -> None:
    wire, engine = Wire(), Engine()
    socket = socket_of(wire)
    socket.queue.put("earlier")
    assert not write_now(engine, socket, b"frame")
    with wire._sendlock:
        assert not write_now(engine, socket_of(wire), b"frame")
    assert wire.written == b""


def test_what_the_network_does_not_take_follows_before_anything_else() -> None:
    wire, engine = Wire(room=2), Engine()
    assert write_now(engine, socket_of(wire), b"frame")
    assert not write_now(engine, socket_of(wire), b"next")
    engine.later.pop()()
    assert wire.written == b"frame"
    wire.room = 9
    assert write_now(engine, socket_of(wire), b"next")
    assert wire.written == b"framenext"


def test_half_a_frame_ends_the_socket() -> None:
    wire, engine = Wire(room=2), Engine()
    assert write_now(engine, socket_of(wire), b"frame")
    wire.room = -1
    engine.later.pop()()
    assert wire.is_shut
    assert not wire._sendlock.locked()


@pytest.mark.parametrize("wire", [None, object(), Wire(room=0), Wire(version=76)])
def test_other_sockets_are_left_to_the_queue(wire: object) -> None:
    assert not write_now(Engine(), socket_of(wire), b"frame")


def test_a_socket_knows_what_it_is_written_to() -> None:
    engine = Engine()
    keep_wires(engine)

    class Socket:
        def handle(self, wire: object) -> object:
            return wire

    socket, wire = Socket(), Wire()
    opened = engine.eio._async["websocket"](socket.handle, engine.eio)
    assert opened(wire) is wire
    assert socket.wire is wire  # type: ignore[attr-defined] # what is shown

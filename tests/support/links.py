"""A wire between two processes that a test can cut, silence and move."""

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Final, Self, TypeVar

HOST: Final = "127.0.0.1"
OTHER_HOST: Final = "127.0.0.2"
"""Another address of this machine: who comes from there has changed the network."""

_PART: Final = 1 << 16
_Answer = TypeVar("_Answer")


@dataclass(eq=False)
class _Wire:
    """One connection. `flows` is cleared while nothing gets through, in either direction."""

    is_stranded: bool = False
    ends: list[asyncio.StreamWriter] = field(default_factory=list)
    flows: asyncio.Event = field(default_factory=asyncio.Event)


class Link:
    """Listens on a port of its own and passes on what comes, in a thread of its own.

    Args:
        target: a port of this machine, or the path of a socket.
    """

    def __init__(self, target: int | Path) -> None:
        self._target = target
        self._source = HOST
        self._is_silent = False
        self._wires: set[_Wire] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="link", daemon=True)
        self._thread.start()
        self.port = 0
        self.listen()

    def listen(self) -> None:
        """Take connections, at the same port as before."""
        self.port = self._do(self._listen())

    def refuse(self) -> None:
        """Cut everything and refuse new connections, as a port does at which nobody listens."""
        self._do(self._stop())
        self.cut()

    def strand(self) -> None:
        """Let the connections of now fall silent for ever, without a word. New ones work."""
        self._do(self._let(flow=False, for_ever=True))

    def silence(self) -> None:
        """Let nothing through any more. New connections are taken and get no answer."""
        self._is_silent = True
        self._do(self._let(flow=False))

    def heal(self) -> None:
        """Let through again whatever waits."""
        self._is_silent = False
        self._do(self._let(flow=True))

    def cut(self) -> None:
        """Reset the connections of now."""
        self._do(self._reset())

    def move(self) -> None:
        """Let the connections to come start from another address."""
        self._source = OTHER_HOST

    def close(self) -> None:
        """End everything."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _listen(self) -> int:
        # asyncio's own server, and its accepting, lose a connection that comes while they are ended.
        self._listener = socket.create_server((HOST, self.port))
        self._listener.settimeout(0)
        self._loop.add_reader(self._listener, self._accept)
        return int(self._listener.getsockname()[1])

    def _accept(self) -> None:
        with suppress(BlockingIOError):
            taken, _ = self._listener.accept()
            task = self._loop.create_task(self._take(taken))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take(self, taken: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=taken)
        wire = _Wire(ends=[writer])
        self._wires.add(wire)
        if not self._is_silent:
            wire.flows.set()
        with suppress(OSError, asyncio.CancelledError):
            await wire.flows.wait()
            far_reader, far_writer = await self._reach()
            wire.ends.append(far_writer)
            await asyncio.gather(_pump(wire, reader, far_writer), _pump(wire, far_reader, writer))
        self._wires.discard(wire)
        for end in wire.ends:
            end.transport.abort()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, Path):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(HOST, self._target, local_addr=(self._source, 0))

    async def _let(self, *, flow: bool, for_ever: bool = False) -> None:
        for wire in self._wires:
            wire.is_stranded |= for_ever
            if flow and not wire.is_stranded:
                wire.flows.set()
            else:
                wire.flows.clear()

    async def _reset(self) -> None:
        for wire in self._wires:
            for end in wire.ends:
                end.transport.abort()

    async def _stop(self) -> None:
        self._loop.remove_reader(self._listener)
        self._listener.close()

    async def _end(self) -> None:
        if self._listener.fileno() >= 0:
            await self._stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # What was aborted is closed at the loop's next turn.
        await asyncio.sleep(0)

    def _do(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


async def _pump(wire: _Wire, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while part := await source.read(_PART):
            await wire.flows.wait()
            target.write(part)
            await target.drain()
    except OSError:
        target.transport.abort()
    finally:
        target.close()

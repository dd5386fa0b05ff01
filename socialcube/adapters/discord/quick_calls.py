"""Calls for which a person waits, over the connections of aiohttp's session but past its work for each."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import aiohttp
from aiohttp.http import HttpProcessingError
from yarl import URL

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection

_FIRST_FINAL_STATUS: Final = 200


class QuickAnswer(NamedTuple):
    """What a call was answered with."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class QuickCalls:
    """Makes small JSON calls to one API.

    `ClientSession.request` (aiohttp 3.14) reads the address anew, merges headers, looks for cookies and
    hands the body to a task of its own, which costs more than all that a usual command does itself. Here
    a call is one write to a connection of the session's pool. It follows no redirects, keeps no cookies,
    sends no credentials and asks for no compression, all of which an interaction's answer has no use for.

    Args:
        session: whose connections are used, and whose deadlines for connecting.
        base_url: REST root with its version, no slash at the end.
    """

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        url = URL(base_url)
        self._session = session
        # All that the pool reads of a request is where it goes, which is the same for each of ours.
        self._target = aiohttp.ClientRequest(
            "POST", url, loop=asyncio.get_running_loop(), headers=session.headers, session=session
        )
        self._root = url.raw_path.rstrip("/")
        lines = {**self._target.headers, "Content-Type": "application/json"}
        self._lines = "".join(
            f"{name}: {value}\r\n" for name, value in lines.items() if name not in _LEFT_OUT
        )

    async def call(
        self, method: str, path: str, body: bytes, seconds: float, check: Callable[[], None]
    ) -> QuickAnswer:
        """Make a call.

        Args:
            method: HTTP method.
            path: below the root, with its query; quoted where it came from outside.
            body: JSON.
            seconds: how long all of it may take.
            check: asked right before the write, since connecting may take long; what it raises ends the call.

        Raises:
            TimeoutError: it took longer.
            aiohttp.ClientError, OSError: there is no connection, it broke, or the answer was no HTTP.
        """
        request = f"{method} {self._root}{path} HTTP/1.1\r\n{self._lines}Content-Length: {len(body)}\r\n\r\n"
        async with asyncio.timeout(seconds):
            connection = await self._connect()
            try:
                check()
                answer = await _exchange(connection, request.encode("ascii") + body)
            except BaseException:
                connection.close()
                raise
        connection.release()
        return answer

    async def _connect(self) -> "Connection":
        if self._session.connector is None:
            raise aiohttp.ClientConnectionError("the session is closed")
        return await self._session.connector.connect(self._target, [], self._session.timeout)


# To pack so few bytes costs more than it saves, and the length is each body's own.
_LEFT_OUT: Final = frozenset({"Accept-Encoding", "Content-Length"})


async def _exchange(connection: "Connection", request: bytes) -> QuickAnswer:
    protocol = connection.protocol
    if protocol is None or protocol.transport is None or protocol.transport.is_closing():
        raise aiohttp.ClientConnectionResetError("the connection was closed meanwhile")
    protocol.set_response_params(read_until_eof=True)
    # The body is shorter than what a socket takes at once, so nothing waits for room.
    protocol.transport.write(request)
    try:
        return await _read(protocol)
    except HttpProcessingError as error:
        raise aiohttp.ClientPayloadError("the answer was no HTTP") from error


async def _read(protocol: "ResponseHandler") -> QuickAnswer:
    while True:
        head, content = await protocol.read()
        if head.code >= _FIRST_FINAL_STATUS:
            return QuickAnswer(head.code, head.headers, await content.read())

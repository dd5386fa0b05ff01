"""Quick calls against a server that answers well, badly, late and not at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import aiohttp
import pytest

from socialcube.adapters.discord.quick_calls import QuickCalls

NOTHING: Final = b"HTTP/1.1 204 No Content\r\nX-RateLimit-Scope: user\r\n\r\n"
BODY: Final = b'{"type":4}'
PATIENCE: Final = 30.0

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each request with the next thing that it was told to.

    Attributes:
        requests: head and body of each request.
        connections: how many were opened.
    """

    def __init__(self) -> None:
        self.script: list[bytes | Reply] = []
        self.requests: list[tuple[str, bytes]] = []
        self.connections = 0
        self.base_url = ""
        self._serving: set[asyncio.Task[None]] = set()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def leave(self) -> None:
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next((line.partition(": ")[2] for line in head.split("\r\n") if "Length" in line), "0")
        self.requests.append((head, await reader.readexactly(int(size))))
        answer = self.script.pop(0)
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            await answer(writer)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.base_url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api/v10"
    yield made
    await made.leave()
    listening.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"User-Agent": "Tests (1)"}) as made:
        yield made


def may() -> None:
    """Let a call through."""


@pytest.fixture
async def calls(server: Server, session: aiohttp.ClientSession) -> QuickCalls:
    return QuickCalls(session, server.base_url)


async def test_call_is_one_plain_request(server: Server, calls: QuickCalls) -> None:
    server.script.append(NOTHING)
    answer = await calls.call("POST", "/interactions/1/tok/callback", BODY, PATIENCE, may)
    assert (answer.status, answer.content) == (204, b"")
    assert answer.headers["x-ratelimit-scope"] == "user"
    [(head, body)] = server.requests
    first, *lines = head.rstrip().split("\r\n")
    assert first == "POST /api/v10/interactions/1/tok/callback HTTP/1.1"
    assert sorted(lines) == [
        "Accept: */*",
        "Content-Length: 10",
        "Content-Type: application/json",
        f"Host: {server.base_url.split('/')[2]}",
        "User-Agent: Tests (1)",
    ]
    assert body == BODY


async def test_a_right_that_was_lost_while_connecting_sends_nothing(
    server: Server, calls: QuickCalls
) -> None:
    def refuse() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        await calls.call("POST", "/a", BODY, PATIENCE, refuse)
    server.script.append(NOTHING)
    await calls.call("POST", "/b", BODY, PATIENCE, may)
    assert [head.split()[1] for head, _ in server.requests] == ["/api/v10/b"]


async def test_connections_are_those_of_the_session(
    server: Server, calls: QuickCalls, session: aiohttp.ClientSession
) -> None:
    server.script += [NOTHING, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", NOTHING, NOTHING]
    for _ in range(2):
        await calls.call("PATCH", "/webhooks/1/tok", BODY, PATIENCE, may)
    async with session.get(server.base_url) as response:
        assert response.status == 204
    await calls.call("POST", "/webhooks/1/tok?wait=true", BODY, PATIENCE, may)
    assert server.connections == 1


async def test_answer_in_pieces_is_put_together(server: Server, calls: QuickCalls) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 No\r\nTransfer-Encoding: chunked\r\n\r\n"
        body = (b'7\r\n{"code"', b"\r\n", b"7\r\n: 40060\r\n", b"1\r\n}\r\n0\r\n\r\n")
        for piece in (head[:30], head[30:], *body):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.001)

    server.script += [trickle, NOTHING]
    answer = await calls.call("POST", "/a", BODY, PATIENCE, may)
    assert (answer.status, answer.content) == (400, b'{"code": 40060}')
    await calls.call("POST", "/a", BODY, PATIENCE, may)
    assert server.connections == 1


async def test_connection_that_the_server_wants_closed_is_not_used_again(
    server: Server, calls: QuickCalls
) -> None:
    server.script += [b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", NOTHING]
    for _ in range(2):
        await calls.call("POST", "/a", BODY, PATIENCE, may)
    assert server.connections == 2


async def test_late_answer_is_given_up_and_never_taken_for_the_next_one(
    server: Server, calls: QuickCalls
) -> None:
    may_answer = asyncio.Event()

    async def wait(writer: asyncio.StreamWriter) -> None:
        await may_answer.wait()
        writer.write(b"HTTP/1.1 400 Late\r\nContent-Length: 0\r\n\r\n")

    server.script += [wait, NOTHING]
    with pytest.raises(TimeoutError):
        await calls.call("POST", "/a", BODY, 0.05, may)
    may_answer.set()
    assert (await calls.call("POST", "/a", BODY, PATIENCE, may)).status == 204


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"220 mail.example ESMTP\r\n\r\n"],
    ids=["nothing", "half an answer", "no HTTP"],
)
async def test_broken_answer_is_an_error_of_the_connection(
    server: Server, calls: QuickCalls, answer: bytes
) -> None:
    async def break_off(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    server.script += [break_off, NOTHING]
    with pytest.raises(aiohttp.ClientError):
        await calls.call("POST", "/a", BODY, PATIENCE, may)
    assert (await calls.call("POST", "/a", BODY, PATIENCE, may)).status == 204


async def test_call_that_is_cancelled_leaves_no_connection_behind(
    server: Server, calls: QuickCalls, session: aiohttp.ClientSession
) -> None:
    asked = asyncio.Event()

    async def wait(_: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.Event().wait()

    server.script.append(wait)
    calling = asyncio.create_task(calls.call("POST", "/a", BODY, PATIENCE, may))
    await asked.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert session.connector is not None
    assert not session.connector._acquired


async def test_address_where_nobody_answers_is_an_error_of_the_connection(
    session: aiohttp.ClientSession,
) -> None:
    async with free_address() as base_url:
        pass
    with pytest.raises(aiohttp.ClientError):
        await QuickCalls(session, base_url).call("POST", "/a", BODY, PATIENCE, may)


async def test_session_that_was_closed_makes_no_call(
    calls: QuickCalls, session: aiohttp.ClientSession
) -> None:
    await session.close()
    with pytest.raises(aiohttp.ClientError, match="closed"):
        await calls.call("POST", "/a", BODY, PATIENCE, may)


@asynccontextmanager
async def free_address() -> AsyncIterator[str]:
    """Give an address where nobody listens once this is left."""
    listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    listening.close()
    await listening.wait_closed()

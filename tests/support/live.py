"""People who look at the live log: browsers that are signed in, and the page's protocol in Python."""

import asyncio
import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from typing import Any, Final
from uuid import UUID

import aiohttp
import socketio
from flask import Flask
from socketio.exceptions import ConnectionError as RefusedError
from socketio.exceptions import SocketIOError
from werkzeug.serving import WSGIRequestHandler, make_server

from socialcube.bootstrap.services import Services
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole, Profile
from socialcube.infra.socket_tickets import SocketTickets
from socialcube.web.context import services_of
from socialcube.web.realtime.serving import LiveServer, attach

_ids: Final = itertools.count(8_000)
_ROOT: Final = Actor.system("tests")


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser.

    Attributes:
        cookie: the header that proves it.
        grant_id: of the role, None when it has none.
    """

    user_id: UUID
    session_id: UUID
    cookie: str
    grant_id: UUID | None = None


def sign_in(services: Services, role: BuiltInRole | None = None, bot_id: UUID | None = None) -> Browser:
    """Sign somebody new in, with a role on the site or on one bot."""
    token = secrets.token_urlsafe(32)
    number = next(_ids)
    with services.unit_of_work() as uow:
        user = accounts.sign_in(uow, Profile(number, f"person{number}"))
        session = accounts.open_session(uow, user.id, token_hash=sha256(token.encode()).hexdigest())
        accounts.save_session(
            uow, session.id, {"_user_id": str(user.id), "_fresh": True}, services.clock.now()
        )
        grant_id = None
        if role is not None:
            role_id = BUILT_IN_ROLES[role].id
            grant_id = accounts.grant_role(uow, _ROOT, user_id=user.id, role_id=role_id, bot_id=bot_id)
        uow.commit()
    return Browser(user.id, session.id, f"sc={token}", grant_id)


class LiveSite:
    """An application that serves its socket from threads of the test's own process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.services = services_of(app).shared
        self.live: LiveServer = attach(app, async_mode="threading")
        settings = self.services.settings
        self.url = settings.web.public_url
        self._server = make_server("127.0.0.1", settings.web.port, app, threaded=True, request_handler=_Quiet)
        self.tickets = SocketTickets(
            settings.redis_url, namespace=settings.socketio_channel, clock=self.services.clock
        )
        Thread(target=self._server.serve_forever, daemon=True).start()

    def ticket(self, browser: Browser) -> str:
        """Issue a ticket as the page's door does."""
        return self.tickets.issue(browser.session_id).reveal()

    def close(self) -> None:
        """End everything."""
        self.live.close()
        self.tickets.close()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def live_site(app: Flask) -> Iterator[LiveSite]:
    """Serve for as long as the test lasts."""
    site = LiveSite(app)
    try:
        yield site
    finally:
        site.close()


class Socket:
    """One socket of a page.

    Attributes:
        heard: pairs of event and data, in order.
        is_cut: set when the server ended it.
    """

    def __init__(self, url: str, origin: str) -> None:
        self._url, self._origin = url, origin
        self._client = socketio.AsyncClient(reconnection=False)
        self.heard: list[tuple[str, Any]] = []
        self.is_cut = asyncio.Event()
        for event in ("rows", "bots", "job", "figures", "late", "again"):
            self._client.on(event, lambda data=None, event=event: self.heard.append((event, data)))
        self._client.on("disconnect", lambda *_: self.is_cut.set())

    async def connect(self, ticket: str | None, cookie: str = "", **headers: str) -> bool:
        """Connect. Tells whether the server let it in."""
        sent = {"Origin": self._origin} | ({"Cookie": cookie} if cookie else {}) | headers
        given = {name: value for name, value in sent.items() if value}
        try:
            await self._client.connect(
                self._url, headers=given, auth={"ticket": ticket}, transports=["websocket"], wait_timeout=30
            )
        except RefusedError:
            await self._client.disconnect()
            return False
        return True

    async def watch(self, topic: str, watch: str = "w1", **options: str) -> dict[str, Any]:
        """Watch a topic and give the answer."""
        words = {"watch": watch, "topic": topic, "options": options}
        answer: dict[str, Any] = await self._client.call("watch", words, timeout=30)
        return answer

    def ids(self) -> list[int]:
        """Give the ids of all rows heard."""
        return [row["id"] for event, data in self.heard if event == "rows" for row in data["rows"]]

    async def until(self, event: str, count: int = 1, seconds: float = 30) -> list[Any]:
        """Wait until so many events of a kind were heard and give their data."""
        async with asyncio.timeout(seconds):
            while len(found := [data for kind, data in self.heard if kind == event]) < count:  # noqa: ASYNC110 - several tests wait for several counts
                await asyncio.sleep(0.02)
        return found

    async def close(self) -> None:
        """Hang up."""
        await self._client.disconnect()


@dataclass
class Viewer:
    """A page that follows one log over everything that happens, as static/js/socket.js does.

    Attributes:
        cursor: the last id seen.
        ids: all ids shown, in order.
    """

    url: str
    browser: Browser
    stream: str = "commands"
    cursor: int = 0
    ids: list[int] = field(default_factory=list)
    csrf: str = ""
    connections: int = 0
    polls: int = 0

    async def run(self) -> None:
        """Follow until cancelled."""
        async with aiohttp.ClientSession(headers={"Cookie": self.browser.cookie}) as http:
            while True:
                try:
                    await self._follow(http)
                except (aiohttp.ClientError, SocketIOError, TimeoutError, KeyError, ValueError):
                    await self._poll(http)
                await asyncio.sleep(0.2 + secrets.randbelow(300) / 1000)

    async def _follow(self, http: aiohttp.ClientSession) -> None:
        socket = Socket(self.url, self.url)
        try:
            if not await socket.connect(await self._ticket(http), self.browser.cookie):
                raise TimeoutError
            self.connections += 1
            began = (await socket.watch(f"rows:{self.stream}"))["ok"]
            while self.cursor < began["from"]:
                await self._fetch(http)
            read = 0
            while not socket.is_cut.is_set():
                news = socket.heard[read:]
                read += len(news)
                for event, data in news:
                    if event == "again":
                        return
                    if event == "rows":
                        self._take(data)
                await asyncio.sleep(0.02)
        finally:
            await socket.close()

    async def _ticket(self, http: aiohttp.ClientSession) -> str:
        if not self.csrf:
            async with http.get(f"{self.url}/admin/live") as page:
                self.csrf = (await page.text()).partition('name="csrf-token" content="')[2].partition('"')[0]
        headers = {"X-CSRFToken": self.csrf, "Accept": "application/json"}
        async with http.post(f"{self.url}/admin/live/ticket", json={}, headers=headers) as answer:
            answer.raise_for_status()
            return str((await answer.json())["ticket"])

    async def _poll(self, http: aiohttp.ClientSession) -> None:
        try:
            await self._fetch(http)
            self.polls += 1
        except (aiohttp.ClientError, TimeoutError):
            return

    async def _fetch(self, http: aiohttp.ClientSession) -> None:
        address = f"{self.url}/admin/live/rows?stream={self.stream}&since={self.cursor}"
        async with http.get(address, headers={"Accept": "application/json"}) as answer:
            answer.raise_for_status()
            self._take(await answer.json())

    def _take(self, message: dict[str, Any]) -> None:
        self.ids += [row["id"] for row in message["rows"] if row["id"] > self.cursor]
        self.cursor = max(self.cursor, message["to"])


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""

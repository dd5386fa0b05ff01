"""Pages follow the log whatever happens to web, Redis, the laptop and its network: lost 0, doubled 0."""

import asyncio
import contextlib
import os
import re
import signal
import statistics
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright, expect
from sqlalchemy import text

import config
from socialcube.bootstrap import services
from socialcube.bootstrap.services import Services
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.logs.sink import DatabaseLogSink
from tests.browser.conftest import ARGUMENTS, SYSTEM_CHROMIUM
from tests.factories.logs import make_command_log
from tests.support.links import Link
from tests.support.live import Browser, Viewer, sign_in
from tests.support.migrated import migrated_url
from tests.support.system import System

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.timeout(600)]

VIEWERS = 19
ROWS_A_SECOND = 60
MOST_ROWS = 3_000
"""On a slow machine the faults take long, and a page keeps 10,000 rows."""

CATCH_UP_SECONDS = 60.0
FLOOD_ROWS = 12_000
MOST_DRAWN = 120
"""Rows in the page's tree: what fits a window, and some more."""

# The list draws only what can be seen, so somebody has to walk through it.
WALK = """async () => {
  const keys = new Set();
  for (let y = 0; y <= document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (const row of document.querySelectorAll('tr[data-key]')) keys.add(row.dataset.key);
  }
  return [...keys].map((key) => Number(key.split(':')[1]));
}"""


SLEEP_SECONDS = 11
"""Longer than a page waits for a word of the server."""

PATIENCE_MS = 60_000
# Notes every word that the status says, and every row that comes, beside what the page does with them.
NOTE = """async () => {
  window.said = [];
  window.came = [];
  const words = document.querySelector('[data-status-words]');
  const observer = new MutationObserver(() => said.push(words.textContent));
  observer.observe(words, { childList: true, characterData: true, subtree: true });
  const { connect } = await import('/static/js/socket.js');
  connect().watch('rows:commands', ({ rows }) => came.push(...rows.map((row) => row.id)), { since: 0 });
}"""


@dataclass
class Place:
    """The panel behind wires that a test can cut.

    Attributes:
        web: what browsers reach it through.
        redis: what its processes reach Redis through.
    """

    system: System
    parts: Services
    sink: DatabaseLogSink
    web: Link
    redis: Link

    @property
    def url(self) -> str:
        """Give the address that people type."""
        return f"http://127.0.0.1:{self.web.port}"

    @property
    def direct_url(self) -> str:
        """Give the address without the wire."""
        return f"http://127.0.0.1:{self.system.ports['web']}"

    def sign_in(self) -> Browser:
        """Sign somebody in who may see everything."""
        return sign_in(self.parts, BuiltInRole.OWNER)

    def clear(self) -> None:
        """Begin with an empty log."""
        with self.parts.unit_of_work() as uow:
            uow.session.execute(text("DELETE FROM command_logs"))
            uow.commit()

    def put(self, count: int = 1) -> None:
        """Log so many runs."""
        for _ in range(count):
            self.sink.put(make_command_log(occurred_at=self.parts.clock.now()))

    def ids(self) -> list[int]:
        """Give all rows that are stored."""
        with self.parts.reads() as session:
            return [row[0] for row in session.execute(text("SELECT id FROM command_logs ORDER BY id"))]

    @contextlib.asynccontextmanager
    async def writing(
        self, rows_a_second: int = ROWS_A_SECOND, *, most: int = MOST_ROWS
    ) -> AsyncIterator[None]:
        """Log rows all the time. At the end all are stored."""
        task = asyncio.create_task(self._write(rows_a_second // 20, most))
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(self.sink.flush, 60)

    async def _write(self, at_once: int, most: int) -> None:
        for _ in range(0, most, at_once):
            self.put(at_once)
            await asyncio.sleep(0.05)


@dataclass
class LivePage:
    """The live page in a Chromium of its own.

    Attributes:
        tickets: how many it asked for.
    """

    page: Page
    chromium: Chromium
    tickets: list[str] = field(default_factory=list)

    async def said(self, start: str) -> None:
        """Wait until the status says so."""
        await expect(self.page.locator("[data-status-words]")).to_have_text(
            re.compile(f"^{start}"), timeout=PATIENCE_MS
        )

    async def wait_for(self, row_id: int) -> None:
        """Wait until a row is shown."""
        await self.page.wait_for_selector(f'tr[data-key="commands:{row_id}"]', timeout=PATIENCE_MS)

    async def sleep(self, seconds: float) -> None:
        """Stop every process of the browser, as a laptop does that is closed."""
        session = await self.chromium.new_browser_cdp_session()
        processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
        for process in processes:
            os.kill(process["id"], signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            for process in processes:
                os.kill(process["id"], signal.SIGCONT)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("system")
    with (
        System(folder, migrated_url(folder / "panel.db")) as system,
        Link(system.ports["web"]) as web,
        Link(system.var / "redis.sock") as redis,
    ):
        system.environment |= {
            "WEB_CONCURRENCY": "2",
            "PUBLIC_URL": f"http://127.0.0.1:{web.port}",
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        }
        system.release()
        system.start("redis", "sandbox", "web")
        system.wait(lambda: system.get("/healthz")[0] == 200, "the panel answers")
        parts = services.build(config.load_settings(system.environment))
        sink = parts.make_sink()
        sink.start()
        yield Place(system, parts, sink, web, redis)
        sink.close()
        parts.close()


async def test_no_page_loses_or_doubles_a_row_while_web_and_redis_die(place: Place) -> None:
    place.clear()
    system, url = place.system, place.direct_url
    viewers = [Viewer(url, place.sign_in()) for _ in range(VIEWERS)]
    async with _live_page(place) as live, _running(viewers):
        await _until(lambda: all(viewer.connections for viewer in viewers), "all are connected")
        async with place.writing():
            await asyncio.sleep(2)
            usually = await _times(url, viewers[0].browser)
            await asyncio.to_thread(system.kill, "web")
            await _start_web(system)
            await asyncio.sleep(2)
            await asyncio.to_thread(system.kill, "redis")
            place.redis.refuse()
            (system.var / "redis.sock").unlink(missing_ok=True)
            await asyncio.sleep(2)
            while_away = await _times(url, viewers[0].browser)
            system.start("redis")
            place.redis.listen()
            await asyncio.sleep(2)
            await asyncio.to_thread(system.kill, "web")
            await _start_web(system)
            await asyncio.sleep(2)
        wanted = place.ids()
        began = time.monotonic()
        await live.wait_for(wanted[-1])
        await _until(lambda: all(viewer.cursor >= wanted[-1] for viewer in viewers), "all caught up", 90)
        assert time.monotonic() - began < CATCH_UP_SECONDS
        await _assert_shows(live, wanted)
    assert len(wanted) > 10 * ROWS_A_SECOND
    for viewer in viewers:
        assert viewer.ids == wanted
    assert min(viewer.connections for viewer in viewers) > 1, "nobody was cut off, so nothing was shown"
    print(f"a page takes {usually:.2f} s, without Redis {while_away:.2f} s")  # noqa: T201 - the figures
    # Nineteen pages poll meanwhile. Waiting for Redis would add half a second to each look at it.
    assert while_away < 5 * usually + 1, f"a page took {while_away:.2f} s instead of {usually:.2f} s"


async def test_a_page_goes_on_after_a_sleep_in_another_network_and_without_redis(place: Place) -> None:
    place.clear()
    async with _live_page(place) as live:
        async with place.writing(most=10 * MOST_ROWS):
            await _sleep_and_wake(place, live)
            await _change_network(place, live)
            await _lose_redis(place, live)
        wanted = place.ids()
        await live.wait_for(wanted[-1])
        await _assert_shows(live, wanted)


async def _sleep_and_wake(place: Place, live: LivePage) -> None:
    place.web.strand()
    await live.sleep(SLEEP_SECONDS)
    asleep = rf"/^delayed · (\d+) s/.exec(words)?.[1] >= {SLEEP_SECONDS - 2}"
    await live.page.wait_for_function(f"() => said.some((words) => {asleep})")
    await live.said("live")
    assert len(live.tickets) == 2, "a fresh ticket opens the socket again"


async def _change_network(place: Place, live: LivePage) -> None:
    """Fall silent without a word, then come back from another address."""
    place.web.silence()
    await live.said("delayed")
    place.web.move()
    place.web.cut()
    place.web.heal()
    await live.said("live")
    assert len(live.tickets) > 2


async def _lose_redis(place: Place, live: LivePage) -> None:
    """Let Redis take everything and answer nothing: rows come by asking, and nobody waits for long."""
    usually = await _times(place.direct_url, place.sign_in())
    place.redis.silence()
    place.web.cut()
    await live.said("delayed")
    known = place.ids()[-1]
    await live.page.wait_for_function(f"() => came.at(-1) > {known}", timeout=PATIENCE_MS)
    assert "delayed" in await live.page.locator("[data-status-words]").inner_text()
    while_away = await _times(place.direct_url, place.sign_in())
    assert while_away < 5 * usually + 2, f"a page took {while_away:.2f} s instead of {usually:.2f} s"
    status, words = await asyncio.to_thread(place.system.get, "/login/discord")
    assert (status, "Redis does not answer" in words) == (503, True), words
    place.redis.heal()
    await live.said("live")


async def test_a_thousand_rows_a_second_keep_the_page_usable(place: Place) -> None:
    place.clear()
    viewers = [Viewer(place.direct_url, place.sign_in()) for _ in range(3)]
    async with _live_page(place) as live, _running(viewers):
        page = live.page
        async with place.writing(1000, most=FLOOD_ROWS):
            await page.wait_for_function(f"() => came.length > {FLOOD_ROWS // 4}", timeout=PATIENCE_MS)
            await page.keyboard.press("Space")
            await expect(page.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
            await expect(page.locator("[data-newest]")).to_contain_text("new")
            await page.locator("tr[data-key]").last.click()
            await expect(page.locator(".inspector [data-copy-link]")).to_be_visible()
            assert await page.locator("tr[data-key]").count() < MOST_DRAWN
            await page.keyboard.press("Escape")
            await page.keyboard.press("Space")
            await page.wait_for_function(f"() => came.length >= {FLOOD_ROWS}", timeout=2 * PATIENCE_MS)
        wanted = place.ids()
        assert len(wanted) == FLOOD_ROWS
        assert await page.evaluate("came") == wanted
        await live.wait_for(wanted[-1])
        await live.said("live")
        assert await page.locator("tr[data-key]").count() < MOST_DRAWN
        await _until(lambda: all(viewer.cursor >= wanted[-1] for viewer in viewers), "all caught up", 90)
    assert [viewer.ids for viewer in viewers] == [wanted] * 3


@contextlib.asynccontextmanager
async def _live_page(place: Place) -> AsyncIterator[LivePage]:
    """Open the live page in Chromium."""
    name, _, value = place.sign_in().cookie.partition("=")
    expect.set_options(timeout=PATIENCE_MS)
    executable = SYSTEM_CHROMIUM if Path(SYSTEM_CHROMIUM).exists() else None  # noqa: ASYNC240 - once
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        context = await chromium.new_context()
        await context.add_cookies([{"name": name, "value": value, "url": place.url}])
        live = LivePage(await context.new_page(), chromium)
        live.page.on(
            "request", lambda sent: live.tickets.append(sent.url) if sent.url.endswith("/ticket") else None
        )
        await live.page.goto(f"{place.url}/admin/live?log=commands")
        await live.said("live")
        await live.page.evaluate(NOTE)
        yield live
        await chromium.close()


@contextlib.asynccontextmanager
async def _running(viewers: list[Viewer]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(viewer.run()) for viewer in viewers]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _assert_shows(live: LivePage, wanted: list[int]) -> None:
    """Claim that each of the rows came once and stands in the list once."""
    # The note is a second subscription: it catches up for itself.
    await live.page.wait_for_function(f"() => came.at(-1) >= {wanted[-1]}", timeout=PATIENCE_MS)
    assert await live.page.evaluate("came") == wanted
    assert await live.page.evaluate(WALK) == wanted
    await expect(live.page.locator(".log")).to_have_attribute("aria-rowcount", str(len(wanted)))


async def _times(url: str, browser: Browser) -> float:
    """Give how long the live page usually takes: the median, in seconds."""
    return statistics.median([await asyncio.to_thread(_time, url, browser) for _ in range(9)])


async def _start_web(system: System) -> None:
    system.start("web")
    await asyncio.to_thread(system.wait, lambda: system.get("/healthz")[0] == 200, "the panel answers")


def _time(url: str, browser: Browser) -> float:
    began = time.monotonic()
    request = urllib.request.Request(f"{url}/admin/live", headers={"Cookie": browser.cookie})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
        assert answer.status == 200
        answer.read()
    return time.monotonic() - began


async def _until(holds: Callable[[], bool], what: str, seconds: float = 30) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - what is waited for is in other tasks
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"{seconds} s passed before {what}")

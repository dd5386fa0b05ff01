"""Twenty pages follow the log while the web is killed, Redis dies and comes back: lost 0, doubled 0."""

import asyncio
import contextlib
import statistics
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright
from sqlalchemy import text

import config
from socialcube.bootstrap import services
from socialcube.bootstrap.services import Services
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.logs.sink import DatabaseLogSink
from tests.browser.conftest import ARGUMENTS, SYSTEM_CHROMIUM
from tests.factories.logs import make_command_log
from tests.support.live import Browser, Viewer, sign_in
from tests.support.system import System

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.timeout(240)]

VIEWERS = 19
ROWS_A_SECOND = 60
MOST_ROWS = 3_000
"""On a slow machine the faults take long, and a page keeps 10,000 rows."""

CATCH_UP_SECONDS = 60.0
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


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with System(tmp_path, f"sqlite:///{tmp_path}/panel.db") as system:
        system.environment["WEB_CONCURRENCY"] = "2"
        system.release()
        system.start("redis", "sandbox", "web")
        system.wait(lambda: system.get("/healthz")[0] == 200, "the panel answers")
        yield system


@pytest.fixture
def parts(system: System) -> Iterator[Services]:
    parts = services.build(config.load_settings(system.environment))
    yield parts
    parts.close()


@pytest.fixture
def sink(parts: Services) -> Iterator[DatabaseLogSink]:
    sink = parts.make_sink()
    sink.start()
    yield sink
    sink.close()


async def test_no_page_loses_or_doubles_a_row_while_web_and_redis_die(
    system: System, parts: Services, sink: DatabaseLogSink
) -> None:
    url = f"http://127.0.0.1:{system.ports['web']}"
    viewers = [Viewer(url, sign_in(parts, BuiltInRole.OWNER)) for _ in range(VIEWERS)]
    tasks = [asyncio.create_task(viewer.run()) for viewer in viewers]
    async with _chromium_page(url, sign_in(parts, BuiltInRole.OWNER)) as page:
        await _until(lambda: all(viewer.connections for viewer in viewers), "all are connected")
        usually = await _times(url, viewers[0].browser)
        writing = asyncio.create_task(_write(parts, sink))
        await asyncio.sleep(2)
        await asyncio.to_thread(system.kill, "web")
        await _start_web(system)
        await asyncio.sleep(2)
        await asyncio.to_thread(system.kill, "redis")
        (system.var / "redis.sock").unlink(missing_ok=True)
        await asyncio.sleep(2)
        while_away = await _times(url, viewers[0].browser)
        system.start("redis")
        await asyncio.sleep(2)
        await asyncio.to_thread(system.kill, "web")
        await _start_web(system)
        await asyncio.sleep(2)
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
        assert await asyncio.to_thread(sink.flush, 20)
        wanted = _stored(parts)
        began = time.monotonic()
        last = f"commands:{wanted[-1]}"
        await page.wait_for_function(
            f"() => document.querySelector('tr[data-key=\"{last}\"]')", timeout=90_000
        )
        await _until(lambda: all(viewer.cursor >= wanted[-1] for viewer in viewers), "all caught up", 90)
        assert time.monotonic() - began < CATCH_UP_SECONDS
        shown = await page.evaluate(WALK)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(wanted) > 10 * ROWS_A_SECOND
    for viewer in viewers:
        assert viewer.ids == wanted
    assert shown == wanted
    assert min(viewer.connections for viewer in viewers) > 1, "nobody was cut off, so nothing was shown"
    # Nineteen pages poll meanwhile. Waiting for Redis would add a quarter of a second to each look at it.
    assert while_away < 5 * usually + 0.3, f"a page took {while_away:.2f} s instead of {usually:.2f} s"


@contextlib.asynccontextmanager
async def _chromium_page(url: str, browser: Browser) -> AsyncIterator[Page]:
    """Open the live page in Chromium."""
    name, _, value = browser.cookie.partition("=")
    executable = SYSTEM_CHROMIUM if Path(SYSTEM_CHROMIUM).exists() else None  # noqa: ASYNC240 - once
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        context = await chromium.new_context()
        await context.add_cookies([{"name": name, "value": value, "url": url}])
        page = await context.new_page()
        await page.goto(f"{url}/admin/live?log=commands")
        await page.wait_for_function(
            "() => document.querySelector('[data-status-words]').textContent.startsWith('live')"
        )
        yield page
        await chromium.close()


async def _times(url: str, browser: Browser) -> float:
    """Give how long the live page usually takes: the median, in seconds."""
    return statistics.median([await asyncio.to_thread(_time, url, browser) for _ in range(9)])


async def _start_web(system: System) -> None:
    system.start("web")
    await asyncio.to_thread(system.wait, lambda: system.get("/healthz")[0] == 200, "the panel answers")


async def _write(parts: Services, sink: DatabaseLogSink) -> None:
    for _ in range(0, MOST_ROWS, ROWS_A_SECOND // 20):
        for _ in range(ROWS_A_SECOND // 20):
            sink.put(make_command_log(occurred_at=parts.clock.now()))
        await asyncio.sleep(0.05)


def _stored(parts: Services) -> list[int]:
    with parts.reads() as session:
        return [row[0] for row in session.execute(text("SELECT id FROM command_logs ORDER BY id"))]


def _time(url: str, browser: Browser) -> float:
    began = time.monotonic()
    request = urllib.request.Request(f"{url}/admin/live", headers={"Cookie": browser.cookie})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
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

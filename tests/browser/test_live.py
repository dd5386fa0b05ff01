"""The live page as people use it: rows come, wait, are filtered, opened and read by keyboard."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

import config
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.logs.sink import DatabaseLogSink
from socialcube.domain.logs.types import Outcome
from socialcube.web.app import create_app
from tests.browser.axe import find_violations
from tests.browser.conftest import REPORT_VIOLATIONS
from tests.factories.bots import make_bot
from tests.factories.logs import make_bot_log, make_command_log
from tests.factories.settings import make_environ
from tests.support.live import LiveSite, live_site, sign_in
from tests.support.migrated import migrated_url
from tests.support.system import free_port
from tests.support.valkey import RunningValkey

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOSTILE = "<img src=x onerror=alert(1)>\u202egnp\u2028\x1b[31m"
TRACE = [
    {"path": "steps[0]", "type": "set_variable", "milliseconds": 3.2, "error": None},
    {"path": "steps[1]", "type": "reply", "milliseconds": 900.0, "error": {"code": "x"}},
]
OpenLive = Callable[..., Awaitable[Page]]


class Stage:
    """A panel with one bot and a log to write to."""

    def __init__(self, site: LiveSite, sink: DatabaseLogSink) -> None:
        self.site, self.sink = site, sink
        with site.services.unit_of_work() as uow:
            self.bot_id = make_bot(uow.session, name="Harbor").id
            uow.commit()

    def run(self, name: str, **changes: Any) -> None:
        """Log a run of a command."""
        now = self.site.services.clock.now()
        self.sink.put(make_command_log(occurred_at=now, bot_id=self.bot_id, command_name=name, **changes))

    def event(self, message: str, level: str = "info") -> None:
        """Log an event of the bot."""
        now = self.site.services.clock.now()
        self.sink.put(make_bot_log(occurred_at=now, bot_id=self.bot_id, message=message, level=level))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    url = migrated_url(tmp_path / "live.db")
    with RunningValkey() as valkey:
        environ = make_environ(
            DATABASE_URL=url,
            VAR_DIR=str(tmp_path / "var"),
            REDIS_URL=valkey.url.reveal(),
            PORT=str(free_port()),
        )
        with live_site(create_app(config.load_settings(environ))) as site:
            sink = site.services.make_sink()
            sink.start()
            yield Stage(site, sink)
            sink.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_live(browser: Browser, stage: Stage) -> AsyncIterator[OpenLive]:
    """Open the page as the owner; whatever it complains about fails the test."""
    contexts, complaints = [], []

    async def open_one(query: str = "", *, width: int = 1440, **options: Any) -> Page:
        size: Any = {"width": width, "height": 900}
        context = await browser.new_context(viewport=size, reduced_motion="reduce", **options)
        contexts.append(context)
        name, _, value = sign_in(stage.site.services, BuiltInRole.OWNER).cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": stage.site.url}])
        await context.add_init_script(REPORT_VIOLATIONS)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        await page.goto(f"{stage.site.url}/admin/live{query}")
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert complaints == []


def rows(page: Page, text: str = "") -> Locator:
    """Give the rows that say this."""
    return page.locator("tr[data-key]", has_text=text)


async def test_rows_come_by_themselves_and_the_status_says_how_late(
    stage: Stage, open_live: OpenLive
) -> None:
    stage.run("before")
    assert stage.sink.flush(10)
    page = await open_live()
    await expect(rows(page, "/before")).to_have_count(1)
    await expect(page.locator("[data-status-words]")).to_contain_text("live ·")
    # A rule of tick boxes must not lift the words of a chip out of its middle.
    await expect(page.locator("label.chip").first).to_have_css("align-items", "center")
    stage.run("after", user_name=HOSTILE, guild_name=HOSTILE)
    stage.event(HOSTILE)
    await expect(rows(page, "/after")).to_contain_text("Harbor")
    await expect(rows(page, "<img src=x onerror=alert(1)>")).to_have_count(2)
    assert await page.locator(".log img").count() == 0


async def test_pause_holds_rows_back_until_somebody_goes_on(stage: Stage, open_live: OpenLive) -> None:
    page = await open_live()
    await expect(page.locator("[data-status-words]")).to_contain_text("live ·")
    await page.keyboard.press("Space")
    await expect(page.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    for _ in range(3):
        stage.run("waits")
    await expect(page.locator("[data-newest]")).to_have_text("3 new")
    await expect(rows(page, "/waits")).to_have_count(0)
    await page.keyboard.press("Space")
    await expect(rows(page, "/waits")).to_have_count(3)
    await expect(page.locator("[data-newest]")).to_be_hidden()


async def test_scrolling_up_stops_following_and_new_rows_are_counted(
    stage: Stage, open_live: OpenLive
) -> None:
    for number in range(150):
        stage.run(f"old{number}")
    assert stage.sink.flush(10)
    page = await open_live()
    await expect(rows(page, "/old149 ")).to_be_visible()
    await page.mouse.move(600, 500)
    await page.mouse.wheel(0, -1500)
    await expect(rows(page, "/old149 ")).not_to_be_in_viewport()
    for _ in range(12):
        stage.run("new")
    await expect(page.locator("[data-newest]")).to_have_text("12 new")
    await page.locator("[data-newest]").click()
    await expect(rows(page, "/new").last).to_be_in_viewport()
    await expect(page.locator("[data-newest]")).to_be_hidden()


async def test_filters_stand_in_the_address_and_hold_for_what_comes(
    stage: Stage, open_live: OpenLive
) -> None:
    stage.run("fine")
    stage.run("broken", outcome=Outcome.FAILED, error_message="No luck.")
    assert stage.sink.flush(10)
    page = await open_live()
    await page.get_by_label("Level").select_option("error")
    await expect(rows(page, "/fine")).to_have_count(0)
    await expect(rows(page, "No luck.")).to_have_count(1)
    await page.keyboard.press("/")
    await page.keyboard.type("luck")
    await page.wait_for_url("**level=error*")
    await page.wait_for_url("**q=luck*")
    stage.run("fine")
    stage.run("worse", outcome=Outcome.FAILED, error_message="Luck is out.")
    await expect(rows(page, "Luck is out.")).to_have_count(1)
    await expect(rows(page, "/fine")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_label("Level")).to_have_value("error")
    await expect(rows(page)).to_have_count(2)


async def test_keys_move_open_and_close_and_the_details_have_a_page(
    stage: Stage, open_live: OpenLive
) -> None:
    stage.run("first", duration_ms=1000.0, trace=TRACE)
    stage.run("second")
    assert stage.sink.flush(10)
    page = await open_live("?log=commands")
    await expect(rows(page)).to_have_count(2)
    await page.keyboard.press("k")
    await page.keyboard.press("k")
    await expect(page.locator("tr[aria-selected=true]")).to_contain_text("/first")
    await page.keyboard.press("Enter")
    panel = page.locator(".inspector")
    await expect(panel.get_by_role("heading", name="/first")).to_be_visible()
    await expect(panel.locator(".trace")).to_contain_text("900 ms")
    await expect(panel).to_contain_text("Greenhouse")
    address = await panel.locator("[data-copy-link]").get_attribute("href")
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(rows(page, "/first")).to_be_focused()
    await page.goto(f"{stage.site.url}{address}")
    await expect(page.get_by_role("heading", name="/first").first).to_be_visible()


async def test_a_thousand_rows_at_once_stay_usable(stage: Stage, open_live: OpenLive) -> None:
    page = await open_live("?log=commands")
    await expect(page.locator("[data-status-words]")).to_contain_text("live ·")
    for number in range(3000):
        stage.run(f"n{number}")
    await expect(rows(page, "/n2999 ")).to_be_visible()
    assert await rows(page).count() < 120
    await expect(page.locator(".log")).to_have_attribute("aria-rowcount", "3000")


async def test_without_script_the_page_shows_and_filters_rows(stage: Stage, open_live: OpenLive) -> None:
    stage.run("fine")
    stage.run("broken", outcome=Outcome.FAILED, error_message="No luck.")
    assert stage.sink.flush(10)
    page = await open_live(java_script_enabled=False)
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.get_by_label("Level").select_option("error")
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_role("link", name="No luck.").click()
    await expect(page.get_by_role("heading", name="/broken").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
async def test_the_page_is_readable_for_everybody(
    stage: Stage, open_live: OpenLive, scheme: str, width: int
) -> None:
    for level in ("debug", "info", "warning", "error"):
        stage.event(f"something {level}", level)
    stage.run("broken", outcome=Outcome.FAILED, error_message="No luck.", trace=TRACE, duration_ms=950.0)
    assert stage.sink.flush(10)
    page = await open_live(width=width, color_scheme=scheme)
    await rows(page, "No luck.").click()
    await expect(page.locator(".inspector .trace")).to_be_visible()
    assert await find_violations(page) == []
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

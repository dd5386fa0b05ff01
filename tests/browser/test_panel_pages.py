"""Every page that links lead to, with hostile content in the lists, in every look."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import Error, expect

from tests.browser.axe import find_violations
from tests.browser.conftest import PATIENCE_MS, REPORT_VIOLATIONS
from tests.browser.test_chat_looks import sideways
from tests.support.panel import JONAS, MARA, PRIYA, THEO, Panel

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Response

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]

FERN = 2001
MANAGE_SERVER = 1 << 5
HOSTILE = "<img src=x onerror=alert(1)>"
HOSTILE_COMMAND = """
schema: 1
name: hostile
description: "<script>alert(1)</script> {{ 7 | times: 6 }}"
options:
  - name: pick
    type: string
    description: "\\"><svg onload=alert(2)>"
    choices:
      - {name: "<b onmouseover=alert(3)>one</b>", value: "<i>1</i>"}
steps:
  - id: say
    type: reply
    params: {text: "<script>alert(4)</script> **{{ user.name }}** [x](javascript:alert(5))"}
"""
ROW = re.compile(r"\?id=.+")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LIGHT: dict[str, Any] = {"width": 1440, "height": 900}
DARK: dict[str, Any] = {"width": 390, "height": 844}
MOST_PAGES = 100
OK = 200


class Watched:
    """A browser context that notes whatever a page complains about."""

    def __init__(self, context: "BrowserContext", panel: Panel) -> None:
        self.context = context
        self.panel = panel
        self.complaints: list[str] = []

    async def open(self, person: str) -> "Page":
        await self.context.add_init_script(REPORT_VIOLATIONS)
        page = await self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda line: self._note(page, line.type, line.text))
        page.on(
            "dialog", lambda dialog: self.complaints.append(f"{page.url}: a dialog says {dialog.message}")
        )
        await self.panel.sign_in(page, person)
        return page

    def _note(self, page: "Page", kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(f"{page.url}: {text}")


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with Panel(Path(tmp_path_factory.mktemp("panel"))) as panel:
        system = panel.system
        token = system.flask_ok("demo", "bot", HOSTILE).strip()
        system.flask_ok("bots", "create", "--start", typed=token)
        file = system.folder / "hostile.yaml"
        file.write_text(HOSTILE_COMMAND)
        system.flask_ok("commands", "import", HOSTILE, str(file), "--publish")
        bot = next(bot for bot in system.control.bots().values() if bot.name == HOSTILE)
        system.wait_registered(bot.id, 1)
        system.use("hostile", bot.id)
        system.flask_ok("demo", "history", "--hours", "3")
        yield panel


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: "Browser", panel: Panel) -> AsyncIterator[Watched]:
    context = await browser.new_context(reduced_motion="reduce", has_touch=True)
    yield Watched(context, panel)
    await context.close()


@pytest.mark.timeout(900)
async def test_asvs_3_4_3_every_page_is_sound_in_every_look(watched: Watched) -> None:
    """No script of the data runs, nothing breaks the policy, axe finds nothing, nothing sticks out."""
    page = await watched.open(MARA)
    todo, seen = ["/admin/"], set[str]()
    problems = watched.complaints
    while todo:
        path = todo.pop(0)
        if (shape := ROW.sub("?id=<id>", UUID.sub("<id>", path))) in seen:
            continue
        seen.add(shape)
        answer = await _open(page, watched.panel.url + path)
        if answer is None:
            continue
        if answer.status != OK:
            problems.append(f"{path}: answered {answer.status}")
        problems += [f"{path} {problem}" async for problem in _problems(page)]
        todo += await _links(page)
    assert not problems, "\n".join(problems)
    assert {"/admin/", "/admin/bots/", "/admin/bots/<id>/", "/admin/commands/<id>/", "/admin/live"} <= seen
    assert len(seen) < MOST_PAGES, sorted(seen)


@pytest.mark.parametrize(("person", "menu"), [(JONAS, True), (PRIYA, True), (THEO, False)])
async def test_each_kind_of_person_sees_what_is_theirs(
    browser: "Browser", panel: Panel, person: str, *, menu: bool
) -> None:
    context = await browser.new_context()
    watched = Watched(context, panel)
    page = await watched.open(person)
    if menu:
        await expect(page.get_by_role("link", name="Bots", exact=True)).to_be_visible()
        await expect(page.get_by_role("link", name="People", exact=True)).to_have_count(0)
        await expect(page.get_by_role("link", name="New bot")).to_have_count(0)
    else:
        await expect(page.get_by_text("Mara")).to_be_visible()
        await expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    assert watched.complaints == []
    await context.close()


async def test_whoever_proves_it_again_comes_back_to_the_form(browser: "Browser", panel: Panel) -> None:
    page = await (await browser.new_context()).new_page()
    await panel.sign_in(page, MARA)
    with closing(sqlite3.connect(panel.system.folder / "panel.db", timeout=PATIENCE_MS / 1000)) as database:
        database.execute("UPDATE user_sessions SET signed_in_at = '2026-01-01 00:00:00.000000'")
        database.commit()
    await page.goto(f"{panel.url}/admin/roles/new/")
    await page.get_by_role("link", name="Continue with Discord").click()
    await page.locator(f"button[name=person][value='{MARA}']").click()
    # The page in between sends its form by itself.
    await page.wait_for_url(f"{panel.url}/admin/roles/new/", timeout=PATIENCE_MS * 2)
    await expect(page.get_by_label("Name", exact=True)).to_be_visible()
    await page.context.close()


async def test_the_list_of_bots_moves_by_itself(browser: "Browser", panel: Panel) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    watched = Watched(context, panel)
    page = await watched.open(MARA)
    await page.goto(f"{panel.url}/admin/bots/?sort=name")
    row = page.locator("tbody tr", has_text="Online").first
    name = (await row.locator(".at-name .cut").first.text_content() or "").split("\n")[0].strip()
    row = page.locator("tbody tr", has_text=name)
    await row.get_by_role("checkbox").check()
    before = await row.bounding_box()
    await page.evaluate("document.body.dataset.same = 'page'")
    await expect(page.locator("[data-live-status]")).to_contain_text("live")
    panel.system.flask_ok("bots", "stop", name)
    await expect(row.locator("[data-state]")).to_have_text("Stopped")
    await expect(row.locator("[data-reason]").first).to_contain_text("stopped")
    await expect(row).to_have_class(re.compile("flash"))
    await expect(row.get_by_role("checkbox")).to_be_checked()
    assert await row.bounding_box() == before
    panel.system.flask_ok("bots", "start", name)
    await expect(row.locator("[data-state]")).to_have_text("Online", timeout=60_000)
    await expect(page.locator("body")).to_have_attribute("data-same", "page")
    assert watched.complaints == []
    await context.close()


async def test_initials_show_where_a_picture_does_not_come(browser: "Browser", panel: Panel) -> None:
    context = await browser.new_context()
    page = await Watched(context, panel).open(MARA)
    await page.route("**/media/bot/5001/**", lambda route: route.fulfill(status=404))
    await page.goto(f"{panel.url}/admin/bots/")
    for name, initials in (("Greenhouse", True), ("Tavern", False)):
        avatar = page.get_by_role("row").filter(has_text=name).locator(".avatar").first
        picture = avatar.locator("img")
        await expect(picture).to_have_attribute("data-picture", "failed" if initials else "shown")
        await expect(picture).to_be_visible(visible=not initials)
        colour = await avatar.evaluate("element => getComputedStyle(element).color")
        assert (colour != "rgba(0, 0, 0, 0)") is initials, (name, colour)
    await context.close()


async def test_a_servers_manager_sets_up_a_bot_on_a_phone(browser: "Browser", panel: Panel) -> None:
    """Somebody without any role finds their server and changes it, until the bot's owner closes it."""
    control, url = panel.system.control, panel.url
    control.give_role(FERN, THEO, control.create_role(FERN, "Keeper", MANAGE_SERVER))
    owner = await (await browser.new_context()).new_page()
    owner.set_default_timeout(PATIENCE_MS)
    await panel.sign_in(owner, MARA)
    await _switch_managers(owner, url)

    context = await browser.new_context(reduced_motion="reduce", has_touch=True)
    watched = Watched(context, panel)
    page = await watched.open(THEO)
    await page.set_viewport_size(DARK)  # type: ignore[arg-type] # a size as Playwright takes it
    await page.get_by_role("link", name="Your servers").click()
    await page.get_by_role("link", name="Find my servers").click()
    await page.locator(f"button[name=person][value='{THEO}']").click()
    await page.get_by_role("link", name="Fern Street").click()
    save = page.get_by_role("button", name="Save changes").last
    await expect(save).to_be_visible(timeout=60_000)
    await expect(page.get_by_role("heading", name="Fern Street")).to_be_visible()
    watched.complaints += [f"{page.url}: {problem}" async for problem in _problems(page)]
    await page.get_by_label("Language").select_option("de")
    await save.click()
    await expect(page.get_by_text("Your changes were saved.")).to_be_visible()
    await expect(page.get_by_label("Language")).to_have_value("de")

    # Discord's word is too old: it is asked again, then what was typed is saved by itself.
    with closing(sqlite3.connect(panel.system.folder / "panel.db", timeout=PATIENCE_MS / 1000)) as database:
        database.execute("UPDATE manager_checks SET checked_at = '2026-01-01 00:00:00.000000'")
        database.commit()
    await page.get_by_label("Language").select_option("ja")
    await save.click()
    await expect(page.get_by_text("Your changes were saved.")).to_be_visible(timeout=60_000)
    await expect(page.get_by_label("Language")).to_have_value("ja")

    await _switch_managers(owner, url)
    await page.get_by_label("Language").select_option("fr")
    await save.click()
    await expect(page.get_by_text("What you typed is kept in this page")).to_be_visible()
    await expect(page.get_by_role("heading", name="Not your server to manage")).to_be_visible(timeout=60_000)
    watched.complaints += [f"{page.url}: {problem}" async for problem in _problems(page)]
    await page.get_by_text("What you typed", exact=True).click()
    await expect(page.get_by_role("definition").filter(has_text="fr")).to_be_visible()
    # A browser reports each page that answers 404 on its console.
    assert [text for text in watched.complaints if "status of 404" not in text] == []
    await context.close()
    await owner.context.close()


async def _switch_managers(page: "Page", url: str) -> None:
    """Press the switch by which the owner of Greenhouse lets the managers of servers in, or out."""
    await page.goto(f"{url}/admin/bots/?sort=name")
    await page.get_by_role("link", name="Greenhouse").first.click()
    await page.get_by_role("link", name="Settings", exact=True).click()
    await page.get_by_text("People with Manage Server may change").click()
    await page.get_by_role("button", name="Save what managers may do").click()
    await expect(page.get_by_text(re.compile("^Server managers (may|can)"))).to_be_visible()


async def _problems(page: "Page") -> AsyncIterator[str]:
    """Look at a page light and wide, then dark and narrow, without loading it again."""
    for scheme, size in (("light", LIGHT), ("dark", DARK)):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two that there are
        await page.set_viewport_size(size)  # type: ignore[arg-type] # a size as Playwright takes it
        for rule, elements in await find_violations(page):
            yield f"{scheme}: axe {rule}: {elements}"
        if (pixels := await sideways(page)) > 0:
            yield f"{scheme}: sticks out by {pixels} px"


async def _open(page: "Page", url: str) -> "Response | None":
    """Go to an address, None for one that gives a file."""
    try:
        return await page.goto(url)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return None


async def _links(page: "Page") -> list[str]:
    """Give the local paths that a page links to, without what only sorts, filters or downloads."""
    hrefs = await page.eval_on_selector_all(
        "a[href]:not([download])",
        "links => links.map(link => new URL(link.href))"
        ".filter(url => url.origin === location.origin && /^([?]id=[^&]+)?$/.test(url.search))"
        ".map(url => url.pathname + url.search)",
    )
    return [path for path in dict.fromkeys(hrefs) if path.startswith(("/admin", "/account"))]

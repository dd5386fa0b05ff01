"""A list, a form and the palette with the keyboard alone; what is picked, moved and chosen with script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from flask import Flask
from playwright.async_api import expect

import config
from socialcube.domain.bots.models import Bot
from socialcube.domain.guilds import service as guilds
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from tests.browser.conftest import PATIENCE_MS, REPORT_VIOLATIONS
from tests.browser.giving_access import give_access, tick_as
from tests.browser.test_chat_looks import assert_accessible
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.guilds import make_guild
from tests.factories.settings import make_environ
from tests.support.migrated import migrated_url
from tests.support.served import serving
from tests.support.signing_in import SignedIn, add_person

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

NAME_OF_FOCUS = """() => {
  const { activeElement: element } = document;
  const name = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent;
  return name.replace(/\\s+/g, ' ').trim();
}"""
# A line around it, or around what it stands for: a tick box may be hidden behind its label.
IS_FOCUS_SEEN = """() => {
  const { activeElement: element } = document;
  const rings = [element, element.parentElement].map((one) => getComputedStyle(one));
  return rings.some((ring) => ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2);
}"""
NAMES = ("Harbor", "Ledger", "Night Owl", "<img src=x onerror=alert(1)>")


@dataclass(frozen=True)
class Served:
    """A panel in this process, without bots that live."""

    app: Flask
    url: str
    person: SignedIn
    bot_id: UUID
    guild_id: UUID
    command_id: UUID


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Served]:
    environ = make_environ(DATABASE_URL=migrated_url(tmp_path / "panel.db"), VAR_DIR=str(tmp_path / "var"))
    app = create_app(config.load_settings(environ))
    with serving(app) as url:
        yield _furnish(app, url)
    services_of(app).close()


def _furnish(app: Flask, url: str) -> Served:
    shared = services_of(app).shared
    with shared.unit_of_work() as uow:
        bots = [make_bot(uow.session, name=name) for name in NAMES]
        guild_id = guilds.sync_guild(uow, bots[0].id, "discord", make_guild(name="Town"))
        command = store_command(uow.session, bots[0].id)
        uow.commit()
    return Served(app, url, add_person(shared), bots[0].id, guild_id, command.id)


async def test_lists_and_forms_work_with_the_keyboard_and_are_accessible(
    browser: "Browser", panel: Served
) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    await context.add_cookies([panel.person.cookie(panel.url)])  # type: ignore[list-item] # Playwright's own dict
    await context.add_init_script(REPORT_VIOLATIONS)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "policy" in line.text else None)
    await page.goto(f"{panel.url}/admin/bots/")
    await _edit_by_keyboard(page)
    await _pick_rows(page, panel)
    await _choose_theme(page)
    await _move_options(page, panel)
    await _define_fields(page, panel)
    await _choose_time_zone(page, panel)
    await _delete_by_name(page, panel)
    await _see_a_conflict(page, panel)
    await give_access(page, panel.url, panel.bot_id)
    await tick_as(page, panel.url)
    assert complaints == []
    await context.close()


async def test_a_person_without_a_mouse_gets_everywhere(browser: "Browser", panel: Served) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    await context.add_cookies([panel.person.cookie(panel.url)])  # type: ignore[list-item] # Playwright's own dict
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(f"{panel.url}/admin/")
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_text("Skip to the page")
    await _reach(page, "New bot")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Bot token")).to_be_visible()
    await _reach(page, "Bot token")
    await page.keyboard.type("no.such.token")
    await _jump_by_keyboard(page)
    await _start_and_stop_by_keyboard(page)
    await _leave_menus_and_questions(page, panel)
    await _edit_a_command_by_keyboard(page, panel)
    await _switch_bots_by_keyboard(page, panel)
    await context.close()


async def _reach(page: "Page", name: str, *, most: int = 80) -> None:
    """Press Tab until the focus is, for all to see, on what is called so."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate(NAME_OF_FOCUS) == name:
            assert await page.evaluate(IS_FOCUS_SEEN), f"nobody sees that {name} has the focus"
            return
    pytest.fail(f"{most} times Tab on {page.url} do not reach {name}")


async def _jump_by_keyboard(page: "Page") -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("ar")
    options = page.get_by_role("option")
    await expect(options.first).to_contain_text("Harbor")
    await page.keyboard.press("ArrowUp")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Harbor")


async def _start_and_stop_by_keyboard(page: "Page") -> None:
    await _reach(page, "Start")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Harbor starts.")).to_be_visible()
    await _reach(page, "Stop")
    await page.keyboard.press("Space")
    await expect(page.get_by_text("Harbor stops.")).to_be_visible()


async def _leave_menus_and_questions(page: "Page", panel: Served) -> None:
    """Open and leave by Escape: the focus is where it was."""
    await page.goto(f"{panel.url}/admin/bots/")
    await _reach(page, "Actions for Harbor")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator(".menu[open] :focus")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Actions for Harbor")).to_be_focused()
    await expect(page.locator(".menu[open]")).to_have_count(0)
    await page.goto(f"{panel.url}/admin/commands/edit/?id={panel.command_id}")
    await _reach(page, "Delete…")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(page.locator("dialog :focus")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("link", name="Delete…")).to_be_focused()


async def _edit_a_command_by_keyboard(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/commands/{panel.command_id}/")
    await _reach(page, "Reply")
    await page.keyboard.press("Enter")
    await _reach(page, "Text")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Written without a mouse")
    await expect(page.locator("[data-live=saved]")).to_contain_text("Saved")
    await expect(page.get_by_label("Preview", exact=True)).to_contain_text("Written without a mouse")


async def _switch_bots_by_keyboard(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/bots/")
    await _reach(page, f"Show: All bots {len(NAMES)}")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-shown-bots]:visible")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("ledger")
    await expect(page.get_by_role("option").first).to_contain_text("Ledger")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody")).to_contain_text("Ledger")
    await page.goto(f"{panel.url}/admin/commands/")
    await expect(page.locator("main")).not_to_contain_text("/hello")
    await page.goto(f"{panel.url}/admin/bots/")
    await _reach(page, "Show: Ledger 1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option").first).to_contain_text("All bots")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(len(NAMES))


async def _edit_by_keyboard(page: "Page") -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("bots")
    await expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    menu = page.get_by_label("Actions for Harbor")
    await menu.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Edit").focus()
    await page.keyboard.press("Enter")
    name = page.get_by_label("Name", exact=True)
    await name.fill("")
    await name.press("Enter")
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_accessible(page)
    await page.get_by_role("alert").get_by_role("link").press("Enter")
    await expect(name).to_be_focused()
    await name.fill("Harbour")
    await expect(page.locator("[data-unsaved]")).to_contain_text("not saved")
    await name.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour")


async def _pick_rows(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/bots/")
    bar = page.locator("[data-selection]")
    await expect(bar).to_be_hidden()
    await page.get_by_label("Select Ledger").check()
    await page.get_by_label("Select Night Owl").check()
    await expect(bar).to_contain_text("2 selected")
    await assert_accessible(page)
    await bar.get_by_role("button", name="Start", exact=True).click()
    await expect(page.get_by_role("status").first).to_contain_text("2 told to start")
    await page.get_by_label("Columns").first.click()
    await page.get_by_role("checkbox", name="Tags").uncheck()
    await page.get_by_role("button", name="Show these").click()
    await expect(page.get_by_role("columnheader", name="Tags")).to_have_count(0)


async def _choose_theme(page: "Page") -> None:
    await page.locator(".side .account-menu > summary").click()
    async with page.expect_response("**/preferences/theme"):
        await page.locator(".side").get_by_role("button", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await assert_accessible(page)


async def _move_options(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/commands/edit/?id={panel.command_id}")
    for name in ("first", "second"):
        await page.get_by_role("button", name="Add option").click()
        entry = page.locator("[data-entry]").last
        await entry.get_by_label("Name", exact=True).fill(name)
        await entry.get_by_label("Description").fill(f"The {name}")
    await page.locator("[data-entry]").last.locator('[data-action="up"]').click()
    await expect(page.locator("[data-entry]").first.get_by_label("Name", exact=True)).to_have_value("second")
    await page.get_by_role("button", name="Save changes").click()
    await page.goto(f"{panel.url}/admin/commands/edit/?id={panel.command_id}")
    await expect(page.locator("[data-entry-name]")).to_have_text(["second", "first"])


async def _define_fields(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/bots/{panel.bot_id}/settings")
    await page.get_by_role("link", name="Add fields").click()
    await page.get_by_role("button", name="Add field").click()
    entry = page.locator("[data-entry]")
    await entry.get_by_label("Label").fill("Colour")
    await expect(entry.locator("[data-entry-name]")).to_have_text("Colour")
    await expect(entry.get_by_label("Longest")).to_be_visible()
    await entry.get_by_label("Type").select_option("Choice")
    await expect(entry.get_by_label("Longest")).to_be_hidden()
    await entry.get_by_label("Choices").fill("red\ngreen")
    await entry.get_by_label("Key").fill("colour")
    await expect(entry.get_by_text("{{ settings.colour }}")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.locator("#fields .tag")).to_have_text(["Colour"])
    await page.goto(f"{panel.url}/admin/servers/settings/edit/?id={panel.bot_id},{panel.guild_id}")
    await expect(page.get_by_label("Colour")).to_contain_text("green")
    await page.get_by_role("link", name="Fields of this bot").click()
    await expect(page.locator("[data-entry-name]")).to_have_text(["Colour"])


async def _choose_time_zone(page: "Page", panel: Served) -> None:
    address = f"{panel.url}/admin/servers/settings/edit/?id={panel.bot_id},{panel.guild_id}"
    await page.goto(address)
    zone = page.get_by_label("Time zone")
    await zone.focus()
    await page.keyboard.type("oslo")
    await expect(page.get_by_role("option", name="Europe/Oslo")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(zone).to_have_value("Europe/Oslo")
    await assert_accessible(page)
    await page.get_by_role("button", name="Save changes").click()
    await page.goto(address)
    await expect(zone).to_have_value("Europe/Oslo")


async def _delete_by_name(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/commands/edit/?id={panel.command_id}")
    await page.get_by_role("link", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    await dialog.get_by_label("Type /hello to go on").fill("/hello")
    await assert_accessible(page)
    await dialog.get_by_label("Type /hello to go on").press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("/hello was deleted")


async def _see_a_conflict(page: "Page", panel: Served) -> None:
    await page.goto(f"{panel.url}/admin/bots/edit/?id={panel.bot_id}")
    with services_of(panel.app).shared.unit_of_work() as uow:
        uow.session.get_one(Bot, panel.bot_id).name = "Theirs"
        uow.commit()
    await page.get_by_label("Name", exact=True).fill("Mine")
    await page.get_by_role("button", name="Save changes").click()
    await page.get_by_role("radio", name="Theirs").check()
    await assert_accessible(page)
    await page.get_by_role("button", name="Save changes").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Theirs")

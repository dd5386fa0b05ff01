"""A command from nothing to people and back: built, tried, published to one server, used, undone."""

import asyncio
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.async_api import expect

from socialcube.sandbox.control.client import ControlRefusedError
from tests.browser.conftest import PATIENCE_MS, REPORT_VIOLATIONS
from tests.browser.test_chat_looks import assert_accessible
from tests.support.panel import Panel
from tests.support.system import MARA

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]

BOT = "Greenhouse"
GREETING = "Good day **{{ options.who }}** <img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with Panel(tmp_path_factory.mktemp("command")) as panel:
        yield panel


async def test_a_command_is_built_tried_published_used_and_undone(browser: "Browser", panel: Panel) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    await context.add_init_script(REPORT_VIOLATIONS)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await panel.sign_in(page, next_path="/admin/commands/new")
    await _begin(page)
    await _build(page)
    await _move_by_keyboard(page)
    await _leave_without_a_save(page)
    await _try(page)
    await _look(page)
    await _publish(page, "First")
    assert _use(panel) == "Good day **Ann** <img src=x onerror=alert(1)>"
    await _change_and_publish(page)
    panel.system.wait(lambda: _use(panel) == "Second words", "the second version answers")
    await page.get_by_role("link", name="Versions").last.click()
    await page.get_by_role("button", name="Undo to v1").click()
    await expect(page.get_by_text("is back at version 1")).to_be_visible()
    panel.system.wait(lambda: "Good day" in _use(panel), "the first version answers again")
    assert complaints == []
    await context.close()


async def _begin(page: "Page") -> None:
    await page.get_by_label("Bot", exact=True).select_option(label=BOT)
    await page.get_by_label("Name", exact=True).fill("meet")
    await page.get_by_label("Description", exact=True).fill("Meets somebody")
    await page.get_by_role("button", name="Create command").click()
    await expect(page.get_by_role("heading", name="/meet", level=1)).to_be_visible()


async def _build(page: "Page") -> None:
    await page.locator("#at-trigger summary").first.click()
    await page.get_by_role("button", name="Add option").click()
    option = page.locator("#at-options-0")
    await option.get_by_label("Name", exact=True).fill("Who")
    await expect(page.get_by_label("Outline")).to_contain_text("A name is written in small letters")
    await expect(page.locator("[data-live=saved]")).to_contain_text("Not saved")
    await option.get_by_label("Name", exact=True).fill("who")
    await option.get_by_label("Required").check()
    await _wait_saved(page)
    await page.get_by_label("Outline").get_by_role("link", name="Reply").click()
    await page.get_by_label("Text", exact=True).fill(GREETING)
    await _wait_saved(page)
    preview = page.get_by_label("Preview", exact=True)
    await expect(preview.locator("strong")).to_have_text("some text")
    await expect(preview).to_contain_text("<img src=x")


async def _move_by_keyboard(page: "Page") -> None:
    await page.get_by_label("Add a step here").last.click()
    await page.locator(".adder[open]").get_by_role("button", name="Set variable").click()
    steps = page.locator("[data-editor] > fieldset > .steps > .step > details > summary")
    await expect(steps).to_have_count(2)
    await expect(steps.nth(1)).to_be_focused()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(steps.nth(0)).to_contain_text("Set variable")
    await expect(steps.nth(0)).to_be_focused()
    card = page.locator("#at-steps-0")
    await card.get_by_label("Name", exact=True).fill("mood")
    await card.get_by_label("Value", exact=True).fill("good")
    await page.get_by_label("Outline").get_by_role("link", name="Reply").click()
    await _wait_saved(page)
    await expect(page.locator(".outline .problems")).to_have_count(0)


async def _leave_without_a_save(page: "Page") -> None:
    """Leave at once with more than a browser sends while it leaves: the text is there at the next look."""
    address = page.url
    await page.evaluate("navigator.sendBeacon = () => false")
    text = page.get_by_label("Text", exact=True)
    await text.fill(f"{GREETING} kept")
    await page.goto(address.replace("/admin/", "/admin/?from="))
    await page.goto(urljoin(address, "/admin/"))
    # The answer is slow, so that the card is opened before what was kept is in it.
    saving = f"**{urlsplit(address).path}**"
    await page.route(saving, _delay_post)
    await page.goto(address)
    await page.get_by_label("Outline").get_by_role("link", name="Reply").click()
    await expect(text).to_have_value(f"{GREETING} kept")
    await page.unroute(saving)
    await expect(text).to_be_visible()
    await _wait_saved(page)
    await text.fill(GREETING)
    await _wait_saved(page)


async def _delay_post(route: "Route") -> None:
    if route.request.method == "POST":
        await asyncio.sleep(1)
    await route.continue_()


async def _try(page: "Page") -> None:
    await page.get_by_role("link", name="Try it").first.click()
    pane = page.get_by_label("Try it", exact=True)
    await pane.get_by_label("who").fill("Ann")
    await pane.get_by_role("button", name="Try it").click()
    await expect(pane.get_by_text("It worked")).to_be_visible()
    await expect(pane.locator(".discord strong")).to_have_text("Ann")
    await expect(pane.locator(".waterfall > li")).to_have_count(2)


async def _look(page: "Page") -> None:
    """Look with axe at both themes, wide and on a phone."""
    for theme in ("light", "dark"):
        looks: Any = {"color_scheme": theme}
        await page.emulate_media(**looks)
        for width in (1440, 390):
            await page.set_viewport_size({"width": width, "height": 900})
            for pane in ("Versions", "Try it"):
                await page.get_by_role("link", name=pane).locator("visible=true").first.click()
                await assert_accessible(page)
    await page.set_viewport_size({"width": 1440, "height": 900})


async def _publish(page: "Page", note: str) -> None:
    await page.get_by_role("link", name="Publish…").first.click()
    await page.get_by_label("In one server").check()
    await page.get_by_label("Note").fill(note)
    await page.get_by_role("button", name="Publish /meet").click()
    await expect(page.get_by_text(re.compile(r"/meet is live as version \d"))).to_be_visible()
    await expect(page.get_by_label("Versions", exact=True)).to_contain_text(note)


async def _change_and_publish(page: "Page") -> None:
    # What stands there before the script came says "Saved" too.
    await page.wait_for_load_state()
    await page.get_by_label("Outline").get_by_role("link", name="Reply").click()
    await page.get_by_label("Text", exact=True).fill("Second words")
    await _wait_saved(page)
    await page.get_by_role("link", name="Review changes").click()
    await expect(page.locator("del")).to_contain_text("Good day")
    await expect(page.locator("ins")).to_contain_text("Second words")
    await _publish_from_review(page)


async def _publish_from_review(page: "Page") -> None:
    await page.get_by_label("Note").fill("Second")
    await page.get_by_role("button", name="Publish /meet").click()
    await expect(page.get_by_text("/meet is live as version 2")).to_be_visible()


async def _wait_saved(page: "Page") -> None:
    await expect(page.locator("[data-live=saved]")).to_contain_text(re.compile(r"^\s*Saved"))


def _use(panel: Panel) -> str:
    """Use the command as Mara in the server it was published to, once Discord has it."""
    bot = panel.system.control.bots()[BOT]
    places = [
        str(next(channel["id"] for channel in guild["channels"] if channel["type"] == 0))
        for guild in panel.system.control.world()["guilds"]
    ]
    answers: list[str] = []

    def answered() -> bool:
        for channel in places:
            try:
                used = panel.system.control.invoke(
                    "meet", user_id=MARA, channel_id=channel, bot_id=bot.id, options={"who": "Ann"}
                )
            except ControlRefusedError:
                continue
            if used["message"]:
                answers.append(str(used["message"]["content"]))
                return True
        return False

    panel.system.wait(answered, "the command answers")
    return answers[-1]

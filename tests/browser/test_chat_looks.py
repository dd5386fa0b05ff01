from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.seed import GREENHOUSE, JONAS, MARA, TAVERN
from tests.browser.axe import find_violations

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.conftest import PageOpener
    from tests.browser.site import ChatSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = 3002
AS_MARA = "#as=1001&server=2001&channel=3002"
PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
OPTIONS = [
    {"type": 4, "name": "sides", "description": "How many sides", "required": True, "min_value": 2},
    {"type": 6, "name": "who", "description": "With whom"},
]


def furnish(site: "ChatSite") -> None:
    """Put one of everything that can be seen into the channel."""
    card = {"title": "A card", "description": "`code`", "fields": [{"name": "a", "value": "b"}], "color": 5}
    text = "**bold** `code` ||spoiler|| <@1001> <@&4002> https://example.org\n> quote\n```\nblock\n```"
    site.world.messages.post(MARA, GENERAL, Draft(text))
    site.world.messages.post(JONAS, GENERAL, Draft("<@1001> hello"))
    site.world.messages.post(GREENHOUSE, GENERAL, Draft("card", embeds=[card]))
    site.register(GREENHOUSE, {"name": "hello"})
    site.register(TAVERN, {"name": "roll", "options": OPTIONS})


async def assert_accessible(page: "Page") -> None:
    assert await find_violations(page) == []


async def sideways(page: "Page") -> int:
    """Give how many pixels the page can be scrolled sideways."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return int(wide)


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [{"width": 1440}, PHONE], ids=["wide", "phone"])
async def test_axe_finds_nothing(
    open_page: "PageOpener", site: "ChatSite", scheme: str, size: dict[str, Any]
) -> None:
    furnish(site)
    page = await open_page(color_scheme=scheme, **size)
    await expect(page.get_by_role("link", name="Mara")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="Mara").click()
    await expect(page.locator(".embed")).to_be_visible()
    await assert_accessible(page)
    field = page.get_by_label("Message #general")
    await field.press_sequentially("/")
    await expect(page.get_by_role("option")).to_have_count(2)
    await assert_accessible(page)
    await field.press_sequentially("roll ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This field is required.")).to_be_visible()
    await assert_accessible(page)
    assert await sideways(page) == 0


async def test_axe_would_find_what_has_no_name_and_no_contrast(open_page: "PageOpener") -> None:
    page = await open_page(AS_MARA, color_scheme="light")
    await expect(page.get_by_label("Message #general")).to_be_visible()
    await page.evaluate("""() => {
      const faint = Object.assign(document.createElement('p'), { textContent: 'faint' });
      faint.style = 'color: rgb(200 200 200); background: white';
      document.body.prepend(new Image(), faint);
    }""")
    assert {"image-alt", "color-contrast"} <= {rule for rule, _ in await find_violations(page)}


@pytest.mark.parametrize(
    ("scheme", "wanted"), [("dark", "dark"), ("light", "light"), ("no-preference", "light")]
)
async def test_the_look_follows_the_system(open_page: "PageOpener", scheme: str, wanted: str) -> None:
    page = await open_page(AS_MARA, color_scheme=scheme)
    await expect(page.locator("html")).to_have_css("color-scheme", wanted)


async def test_on_a_phone_the_sides_are_drawers(open_page: "PageOpener", site: "ChatSite") -> None:
    furnish(site)
    page = await open_page(AS_MARA, **PHONE)
    channels = page.get_by_role("navigation", name="Channels")
    await expect(page.locator(".embed")).to_be_visible()
    await expect(channels).to_be_hidden()
    opener = page.get_by_role("button", name="Servers and channels")
    await opener.click()
    await expect(opener).to_have_attribute("aria-expanded", "true")
    await channels.get_by_role("link", name="plants").click()
    await expect(page.get_by_role("heading", name="plants", exact=True)).to_be_visible()
    await expect(channels).to_be_hidden()
    await page.get_by_role("button", name="Members").click()
    await expect(page.get_by_role("complementary", name="Members")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="Members")).to_be_hidden()
    await expect(page.get_by_role("button", name="Members")).to_be_focused()
    assert await sideways(page) == 0


async def test_everything_is_reached_by_keyboard_with_a_visible_focus(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    furnish(site)
    page = await open_page(AS_MARA)
    await expect(page.locator(".embed")).to_be_visible()
    reached = set()
    for _ in range(40):
        await page.keyboard.press("Tab")
        name, outline = await page.evaluate(
            """() => {
              const it = document.activeElement;
              const seen = it.closest('.write') ?? it;
              return [it.getAttribute('aria-label') ?? it.id ?? '', getComputedStyle(seen).outlineStyle];
            }"""
        )
        if name:
            reached.add(name)
            assert outline != "none", name
    assert {
        "Fern Street",
        "Harbor Club",
        "plants",
        "Be someone else",
        "message",
        "Messages in general",
    } <= reached


async def test_new_messages_do_not_move_what_one_reads(open_page: "PageOpener", site: "ChatSite") -> None:
    for number in range(45):
        site.world.messages.post(MARA, GENERAL, Draft(f"number {number}"))
    page = await open_page(AS_MARA)
    log = page.get_by_role("log")
    await expect(page.get_by_text("number 44")).to_be_in_viewport()
    await log.evaluate("(log) => { log.scrollTop = 0; }")
    site.world.messages.post(JONAS, GENERAL, Draft("the newest"))
    jump = page.get_by_role("button", name="New messages")
    await expect(jump).to_be_visible()
    assert await log.evaluate("(log) => log.scrollTop") == 0
    await jump.click()
    await expect(page.get_by_text("the newest")).to_be_in_viewport()
    await expect(jump).to_be_hidden()

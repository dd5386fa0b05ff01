"""Steps that give access to a bot, for the test of generated screens."""

from typing import TYPE_CHECKING
from uuid import UUID

from playwright.async_api import expect

from tests.browser.test_chat_looks import assert_accessible

if TYPE_CHECKING:
    from playwright.async_api import Page


async def give_access(page: "Page", url: str, bot_id: UUID) -> None:
    """Make a link, give a role by a Discord id, and read who may do what, wide and on a phone."""
    await page.goto(f"{url}/admin/bots/{bot_id}/members")
    form = page.locator("form.panel", has=page.get_by_role("heading", name="Give access to"))
    await expect(form.get_by_label("Discord id", exact=True)).to_be_hidden()
    await form.get_by_label("Whoever opens a link first").check()
    await form.get_by_label("For whom").fill("Nina")
    await form.get_by_role("button", name="Give access").click()
    link = await page.get_by_label("Invite link").input_value()
    assert link.partition("/invite/")[2]
    await expect(page.get_by_text("Viewer for Nina")).to_be_visible()
    await assert_accessible(page)
    await expect(page.get_by_role("heading", name="Copy this link now")).to_be_focused()
    await page.reload()
    await expect(page.get_by_text("Viewer for Nina")).to_have_count(1)
    assert link.rpartition("/")[2] not in await page.content()
    await page.get_by_role("button", name="Cancel the invite as Viewer for Nina").click()
    await expect(page.get_by_text("No link is waiting for anybody.")).to_be_visible()
    await form.get_by_label("Somebody by their Discord id").check()
    await form.get_by_label("Discord id", exact=True).fill("123456789012345678")
    await form.get_by_role("button", name="Give access").click()
    row = page.locator(".matrix tr", has_text="123456789012345678")
    await expect(row.get_by_role("cell").first).to_have_attribute("title", "Viewer on this bot")
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(row).to_be_hidden()
    await page.locator(".holds summary", has_text="123456789012345678").click()
    await expect(page.locator(".holds [open] dd").first).to_have_text("Viewer on this bot")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await assert_accessible(page)
    await page.set_viewport_size({"width": 1440, "height": 900})


async def tick_as(page: "Page", url: str) -> None:
    """Start a role from a built-in one."""
    await page.goto(f"{url}/admin/roles/new/")
    await page.get_by_role("link", name="Operator").click()
    await expect(page.get_by_label("Start, stop and restart it")).to_be_checked()
    await expect(page.get_by_label("Publish, roll back, switch on and off")).not_to_be_checked()
    await assert_accessible(page)

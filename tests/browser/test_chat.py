from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.records import Presence
from socialcube.sandbox.world.seed import GREENHOUSE, JONAS, MARA, PRIYA

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.conftest import PageOpener
    from tests.browser.site import ChatSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL, PLANTS, STAFF = 3002, 3003, 3005
AS_MARA = "#as=1001&server=2001&channel=3002"
AS_JONAS = "#as=1002&server=2001&channel=3002"
AS_THEO = "#as=1004&server=2001&channel=3002"


async def say(page: "Page", text: str) -> None:
    await page.get_by_label("Message #").fill(text)
    await page.keyboard.press("Enter")


async def test_what_one_person_writes_appears_in_the_tab_of_another(open_page: "PageOpener") -> None:
    mara, jonas = await open_page(), await open_page(AS_JONAS)
    await mara.get_by_role("link", name="Mara").click()
    await expect(mara.get_by_role("heading", name="general", exact=True)).to_be_visible()
    await say(mara, "Hello **Jonas**, look at #plants @Jonas")
    message = jonas.locator(".message", has_text="Hello Jonas")
    await expect(message).to_be_visible()
    await expect(message.locator("strong")).to_have_text("Jonas")
    await expect(message.locator(".mention")).to_have_text(["#plants", "@Jonas"])
    await expect(message).to_have_class("message mentions-me")
    await expect(mara.locator(".message")).to_have_count(1)


async def test_a_reload_keeps_person_server_and_channel(open_page: "PageOpener") -> None:
    page = await open_page("#as=1002")
    await page.get_by_role("link", name="Harbor Club").click()
    await page.get_by_role("link", name="game-night").click()
    await page.reload()
    await expect(page.get_by_role("heading", name="game-night", exact=True)).to_be_visible()
    await expect(page.locator(".self")).to_contain_text("Jonas")


async def test_an_address_that_leads_nowhere_falls_back_to_what_there_is(open_page: "PageOpener") -> None:
    page = await open_page("#as=1004&server=2002&channel=3005")
    await expect(page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    nobody = await open_page("#as=77")
    await expect(nobody.get_by_role("heading", name="Who are you today?")).to_be_visible()


async def test_messages_in_a_row_are_grouped_under_a_day(open_page: "PageOpener", site: "ChatSite") -> None:
    for author, text in ((MARA, "one"), (MARA, "two"), (JONAS, "three"), (MARA, "four")):
        site.world.messages.post(author, GENERAL, Draft(text))
    page = await open_page(AS_MARA)
    await expect(page.locator(".message")).to_have_count(4)
    await expect(page.locator(".message .byline:not(.visually-hidden) .author")).to_have_text(
        ["Mara", "Jonas", "Mara"]
    )
    await expect(page.get_by_role("separator")).to_have_count(1)
    exact = await page.locator(".message .byline time").first.get_attribute("title")
    assert exact
    assert exact.count(":") == 2, "the tooltip tells the seconds"


async def test_edits_and_deletions_show_at_once(open_page: "PageOpener", site: "ChatSite") -> None:
    message = site.world.messages.post(MARA, GENERAL, Draft("first"))
    page = await open_page(AS_JONAS)
    await expect(page.locator(".message")).to_contain_text("first")
    site.world.messages.edit(message, {"content": "second"})
    await expect(page.locator(".message")).to_contain_text("second(edited)")
    site.world.messages.delete(message)
    await expect(page.locator(".message")).to_have_count(0)


async def test_earlier_messages_are_fetched_on_demand(open_page: "PageOpener", site: "ChatSite") -> None:
    for number in range(60):
        site.world.messages.post(MARA, GENERAL, Draft(f"number {number}"))
    page = await open_page(AS_MARA)
    await expect(page.locator(".message")).to_have_count(50)
    await expect(page.get_by_text("number 59")).to_be_in_viewport()
    await page.get_by_role("button", name="Show earlier messages").click()
    await expect(page.locator(".message")).to_have_count(60)
    await expect(page.get_by_text("Welcome to #general")).to_be_attached()


async def test_what_happened_while_the_server_was_away_is_there_when_it_is_back(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    site.expect_complaint("ERR_CONNECTION_REFUSED")
    kept = site.world.messages.post(MARA, GENERAL, Draft("kept"))
    gone = site.world.messages.post(MARA, GENERAL, Draft("gone"))
    page = await open_page(AS_JONAS)
    await expect(page.locator(".message")).to_have_count(2)
    await site.stop()
    await expect(page.get_by_role("status").first).to_have_text("Connection lost. Connecting again…")
    await say(page, "from the dark")
    await expect(page.get_by_role("alert")).to_contain_text("does not answer")
    await expect(page.get_by_label("Message #general")).to_have_value("from the dark")
    site.world.messages.post(MARA, GENERAL, Draft("missed"))
    site.world.messages.edit(kept, {"content": "changed"})
    site.world.messages.delete(gone)
    await site.start()
    await expect(page.locator(".message .markdown")).to_have_text(["changed", "missed"])
    await expect(page.get_by_role("status").first).to_have_text("")
    await page.get_by_label("Message #general").press("Enter")
    await expect(page.locator(".message .markdown")).to_have_text(["changed", "missed", "from the dark"])


async def test_an_unread_channel_is_marked_until_opened(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    plants = page.get_by_role("link", name="plants")
    await expect(plants).to_have_accessible_name("plants")
    site.world.messages.post(JONAS, PLANTS, Draft("news"))
    await expect(plants).to_have_accessible_name("plants, unread messages")
    await plants.click()
    await expect(page.locator(".message")).to_contain_text("news")
    await expect(plants).to_have_accessible_name("plants")


async def test_a_hidden_channel_stays_hidden(open_page: "PageOpener", site: "ChatSite") -> None:
    priya = await open_page("#as=1003&server=2001&channel=3002")
    await expect(priya.get_by_role("link", name="plants")).to_be_visible()
    await expect(priya.get_by_role("link", name="staff")).to_have_count(0)
    site.world.messages.post(MARA, STAFF, Draft("secret"))
    site.world.messages.post(MARA, GENERAL, Draft("public"))
    await expect(priya.get_by_text("public")).to_be_visible()
    assert "secret" not in await priya.content()


async def test_a_read_only_channel_says_so(open_page: "PageOpener") -> None:
    page = await open_page("#as=1003&server=2002&channel=3011")
    field = page.get_by_label("Message #welcome")
    await expect(field).to_be_disabled()
    await expect(field).to_have_attribute("placeholder", "You may read here, but not write")


async def test_a_message_that_is_too_long_is_not_sent(open_page: "PageOpener") -> None:
    page = await open_page(AS_MARA)
    await say(page, "x" * 2001)
    await expect(page.get_by_role("alert")).to_contain_text("at most 2000 characters; this one has 2001")
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.get_by_label("Message #general")).to_have_value("x" * 2001)


async def test_shift_enter_makes_a_new_line(open_page: "PageOpener") -> None:
    page = await open_page(AS_MARA)
    field = page.get_by_label("Message #general")
    await field.press_sequentially("one")
    await field.press("Shift+Enter")
    await field.press_sequentially("two")
    await field.press("Enter")
    await expect(page.locator(".message .markdown")).to_have_text("one\ntwo", use_inner_text=True)


async def test_members_show_who_is_there(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    bot, jonas = page.locator(f"[data-user='{GREENHOUSE}']"), page.locator(f"[data-user='{JONAS}']")
    await expect(bot).to_contain_text("BOT")
    await expect(bot).to_contain_text("Offline")
    site.world.applications.set_online(GREENHOUSE, online=True)
    await expect(bot).to_contain_text("Online")
    await expect(jonas).to_contain_text("Away")
    await open_page(AS_JONAS)
    await expect(jonas).to_contain_text("Has the chat open")
    watching = Presence("dnd", ({"type": 3, "name": "the harbor"},))
    site.world.applications.set_online(GREENHOUSE, online=True, presence=watching)
    await expect(bot.locator(".member-state")).to_have_text(["Do not disturb", "Watching the harbor"])


async def test_webhook_of_a_channel_takes_what_programs_post(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    page = await open_page(AS_MARA)
    await page.get_by_role("button", name="Webhook of this channel").click()
    address = await page.get_by_label("Address of the webhook").input_value()
    await page.get_by_role("button", name="Close").click()
    [webhook] = site.world.webhooks.list_in(GENERAL)
    assert address.endswith(f"/api/webhooks/{webhook.id}/{webhook.token}")
    site.world.webhooks.post(webhook, Draft("Greenhouse stopped"))
    await expect(page.locator(".message").last).to_contain_text("Alerts")
    await expect(page.locator(".message .markdown").last).to_have_text("Greenhouse stopped")


async def test_a_person_without_a_server_is_told_so(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_THEO)
    await expect(page.get_by_text("Welcome to #general")).to_be_visible()
    site.world.guilds.leave(2001, 1004)
    await expect(page.get_by_role("heading", name="No server yet")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await page.get_by_role("button", name="Be someone else").click()
    await expect(page.get_by_role("heading", name="Who are you today?")).to_be_visible()


async def test_a_reply_shows_what_it_answers(open_page: "PageOpener", site: "ChatSite") -> None:
    first = site.world.messages.post(MARA, GENERAL, Draft("**question** ||hidden||"))
    site.world.messages.post(PRIYA, GENERAL, Draft("answer", reply_to=first.id))
    page = await open_page(AS_MARA)
    await expect(page.locator(".message .reply")).to_have_text(["Mara question ▒▒▒"])


async def test_a_draft_stays_in_its_channel(open_page: "PageOpener") -> None:
    page = await open_page(AS_MARA)
    await expect(page.get_by_label("Message #general")).to_be_focused()
    await page.keyboard.type("half a thought")
    await page.get_by_role("link", name="plants").click()
    await expect(page.get_by_label("Message #plants")).to_have_value("")
    await page.get_by_role("link", name="general").click()
    await expect(page.get_by_label("Message #general")).to_have_value("half a thought")


async def test_what_happens_around_disturbs_neither_focus_nor_reading(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    site.world.messages.post(MARA, GENERAL, Draft("||the end||"))
    page = await open_page(AS_MARA)
    await page.get_by_role("button", name="Spoiler").click()
    first = await page.locator(".message").first.element_handle()
    plants = page.get_by_role("link", name="plants")
    await plants.focus()
    site.world.applications.set_online(GREENHOUSE, online=True)
    site.world.messages.post(JONAS, GENERAL, Draft("next"))
    await expect(page.locator(f"[data-user='{GREENHOUSE}']")).to_contain_text("Online")
    await expect(page.get_by_text("next")).to_be_visible()
    await expect(plants).to_be_focused()
    await expect(page.get_by_text("the end")).to_be_visible()
    assert await page.evaluate("(node) => node.isConnected", first), "the message was drawn anew"


async def test_a_new_name_shows_in_old_messages(open_page: "PageOpener", site: "ChatSite") -> None:
    site.world.messages.post(JONAS, GENERAL, Draft("hello in <#3003>"))
    page = await open_page(AS_MARA)
    await expect(page.locator(".message .mention")).to_have_text("#plants")
    site.world.guilds.rename_channel(PLANTS, "cuttings")
    await expect(page.locator(".message .mention")).to_have_text("#cuttings")

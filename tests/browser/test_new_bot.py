"""From a token to the first answer, and a bot that is stopped and started while people watch."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import PATIENCE_MS, REPORT_VIOLATIONS
from tests.browser.test_chat_looks import assert_accessible
from tests.factories.pictures import make_png
from tests.support.panel import MARA, Panel

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with Panel(Path(tmp_path_factory.mktemp("panel"))) as panel:
        yield panel


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: "Browser", panel: Panel) -> AsyncIterator["Page"]:
    """Give Mara's page; whatever it complains about fails the test."""
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    complaints: list[str] = []
    await context.add_init_script(REPORT_VIOLATIONS)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await panel.sign_in(page, MARA)
    yield page
    await context.close()
    # The browser itself reports the one refusal that a test asks for, and an old picture that gave way to a
    # new one while a page was on its way.
    expected = ("status of 400", "status of 404")
    assert [text for text in complaints if not any(part in text for part in expected)] == []


async def test_a_bot_comes_from_its_token_to_its_first_answer(panel: Panel, page: "Page") -> None:
    control = panel.system.control
    bot = control.create_bot("Fern")
    control.set_interactions_url(bot.id, "https://elsewhere.example/commands")
    guild = control.world()["guilds"][0]
    await page.get_by_role("link", name="New bot").first.click()
    await page.get_by_label("Bot token").fill("no.such.token")
    await page.get_by_role("button", name="Check").click()
    await expect(page.get_by_role("alert")).to_contain_text("Discord does not accept this token.")
    await page.get_by_label("Bot token").fill(bot.token)
    await page.get_by_role("button", name="Check").click()

    card = page.get_by_role("complementary", name="The bot so far")
    await expect(card).to_contain_text("Online")
    await expect(card).to_contain_text("0 commands")
    elsewhere = page.get_by_text("Discord sends the commands of Fern to")
    await expect(elsewhere).to_contain_text("https://elsewhere.example/commands")
    assert bot.token not in await page.content()
    await page.emulate_media(color_scheme="dark")
    await assert_accessible(page)
    await page.emulate_media(color_scheme="light")
    await assert_accessible(page)

    await page.get_by_role("button", name="Send them here").click()
    await expect(elsewhere).to_have_count(0)
    assert control.bots()["Fern"].interactions_url == ""

    await expect(page.get_by_text("Waiting for the first server.")).to_be_visible()
    control.add_to_guild(bot.id, guild["id"])
    await expect(page.locator(".result").get_by_text(guild["name"])).to_be_visible()
    address = page.url
    await page.goto(f"{panel.url}/admin/")
    await page.goto(address)
    await page.get_by_role("button", name="Continue").click()

    await page.locator("label", has_text="/hello").click()
    await page.get_by_role("button", name=f"Publish to {guild['name']}").click()
    await expect(page.get_by_text("/hello is live.").first).to_be_visible()
    panel.system.wait_registered(bot.id, 1)
    used = control.invoke("hello", user_id=MARA, channel_id=panel.system.channel(), bot_id=bot.id)
    assert "I am Fern" in used["message"]["content"]
    await expect(page.get_by_text("It works.")).to_be_visible()
    await page.get_by_role("link", name="Go to Fern").click()
    await expect(page.get_by_role("heading", name="Fern")).to_be_visible()


async def test_a_bot_stops_and_starts_before_the_eyes_of_everybody(
    panel: Panel, page: "Page", browser: "Browser"
) -> None:
    await page.get_by_role("link", name="Tavern").click()
    address = page.url
    other = await (await browser.new_context(storage_state=await page.context.storage_state())).new_page()
    await other.goto(f"{panel.url}/admin/")
    fleet = other.get_by_role("row", name="Tavern")
    await expect(fleet).to_contain_text("Online")

    head = page.locator("header.object")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_text("Tavern stops.")).to_be_visible()
    await expect(head).to_contain_text("Stopped")
    await expect(fleet).to_contain_text("Stopped")
    await expect(page.get_by_role("region", name="What happened")).to_contain_text("It was stopped here.")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(head).to_contain_text("Online")
    await expect(fleet).to_contain_text("Online")
    await expect(page.get_by_role("button", name="Restart")).to_be_visible()
    assert page.url == address

    runs = other.get_by_role("region", name="Latest runs")
    tavern = panel.system.control.bots()["Tavern"]
    panel.system.wait(
        lambda: panel.system.control.sessions(tavern.id, connected=True), "the bot is connected again"
    )
    panel.system.use("hello", tavern.id)
    await expect(runs.get_by_role("listitem").first).to_contain_text("/hello")
    await expect(runs.get_by_role("listitem").first).to_contain_text("Tavern")
    await other.context.close()


async def test_a_bot_looks_at_discord_as_its_page_shows_it_beforehand(
    panel: Panel, page: "Page", tmp_path: Path
) -> None:
    control, picture = panel.system.control, tmp_path / "leaf.png"
    picture.write_bytes(make_png(256, 256))
    rollcall = control.bots()["Rollcall"]
    await page.get_by_role("link", name="Rollcall").first.click()
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_label("Idle").check()
    await page.get_by_label("Activity").select_option(label="Watching …")
    await page.get_by_label("Its text").fill("who comes")
    preview = page.get_by_role("img", name="As Discord shows it")
    await expect(preview).to_contain_text("Watching who comes")
    await page.get_by_role("button", name="Save what it shows").click()
    await expect(page.get_by_text("It shows in a few seconds.").first).to_be_visible()
    panel.system.wait(
        lambda: [seen["presence"]["status"] for seen in control.sessions(rollcall.id)] == ["idle"],
        "the presence is shown",
    )

    await page.get_by_label("Name at Discord").fill("Headcount")
    await page.get_by_label("Picture (optional)").set_input_files(picture)
    await expect(page.get_by_role("img", name="Chosen: leaf.png")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Save profile").click()
    await expect(page.get_by_text("Changed at Discord:")).to_be_visible()
    await expect(page.get_by_role("img", name="The present picture")).to_be_visible()
    sent = [call for call in control.calls(path="/users/@me") if call["method"] == "PATCH"]
    assert [call["status"] for call in sent] == [200, 200], "name and picture go one by one"
    await page.emulate_media(color_scheme="dark")
    await assert_accessible(page)


async def test_all_bots_of_a_tag_stop_once_somebody_agrees(panel: Panel, page: "Page") -> None:
    panel.system.flask_ok("bots", "edit", "Tavern", "--tag", "night")
    await page.goto(f"{panel.url}/admin/bots/")
    row = page.get_by_role("row", name="Tavern")
    await expect(row).to_contain_text("Online")
    menu = page.locator("details", has=page.get_by_text("By tag"))
    await menu.locator("summary").click()
    await menu.get_by_label("All bots with the tag").select_option("night")
    question = page.get_by_role("dialog", name="Stop?")
    await menu.get_by_role("button", name="Stop").click()
    await expect(question).to_contain_text("All bots with this tag go offline")
    await assert_accessible(page)
    await question.get_by_role("button", name="Cancel").click()
    await expect(question).to_have_count(0)
    await expect(row).to_contain_text("Online")

    # The click on the question was one beside the menu, which closes it.
    await expect(menu).not_to_have_attribute("open", "")
    await menu.locator("summary").click()
    await menu.get_by_role("button", name="Stop").click()
    await question.get_by_role("button", name="Stop").click()
    await expect(page.get_by_text("1 told to stop.").first).to_be_visible()
    await expect(row).to_contain_text("Stopped")
    panel.system.flask_ok("bots", "start", "Tavern")
    await expect(row).to_contain_text("Online")


async def test_the_map_of_servers_changes_while_it_is_open(panel: Panel, page: "Page") -> None:
    control = panel.system.control
    tavern, rollcall = (control.bots()[name] for name in ("Tavern", "Rollcall"))
    quiet = control.create_guild("Quiet corner")
    control.add_to_guild(tavern.id, quiet)
    await page.goto(f"{panel.url}/admin/servers/map")
    await expect(page.get_by_role("heading", name="Map")).to_be_visible()
    place = page.get_by_role("row", name="Quiet corner")
    await expect(place).to_have_count(0)
    control.add_to_guild(rollcall.id, quiet)
    await expect(place).to_contain_text("2 bots")
    await assert_accessible(page)
    control.remove_from_guild(rollcall.id, quiet)
    await expect(place).to_have_count(0)


async def test_what_was_typed_outlives_a_new_sign_in_elsewhere(panel: Panel, page: "Page") -> None:
    await page.goto(f"{panel.url}/admin/bots/")
    await page.get_by_role("row", name="Tavern").get_by_role("link", name="Tavern").click()
    await page.get_by_role("link", name="Settings").click()
    about = page.get_by_label("Description")
    await about.fill("Pours what is asked for.\nNothing else.")
    elsewhere = await page.context.new_page()
    await elsewhere.goto(f"{panel.url}/account")
    await elsewhere.evaluate(
        "token => fetch('/logout', {method: 'POST', headers: {'X-CSRFToken': token}})",
        await elsewhere.locator("meta[name='csrf-token']").get_attribute("content"),
    )
    save = page.locator("form", has=about).get_by_role("button", name="Save")
    await save.click()
    await expect(page.get_by_role("heading")).to_contain_text("The page was too old to be sent")
    await expect(page.get_by_text("You are signed out.")).to_be_visible()
    await assert_accessible(page)

    await panel.sign_in(elsewhere, MARA)
    await page.get_by_role("button", name="I have signed in: go on").click()
    await expect(page.get_by_text("You are signed in as Mara")).to_be_visible()
    await expect(page.get_by_label("Description")).to_have_value("Pours what is asked for.\nNothing else.")
    await page.emulate_media(color_scheme="dark")
    await assert_accessible(page)
    await page.get_by_role("button", name="Save again").click()
    await expect(page.get_by_role("heading", name="Tavern", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Settings").click()
    await expect(page.get_by_label("Description")).to_have_value("Pours what is asked for.\nNothing else.")

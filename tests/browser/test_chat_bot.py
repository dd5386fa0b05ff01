from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from socialcube.sandbox.world.records import EPHEMERAL
from socialcube.sandbox.world.seed import GREENHOUSE
from tests.browser.gateway_bot import GatewayBot, Handler, Json

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.conftest import PageOpener
    from tests.browser.site import ChatSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AS_MARA, AS_JONAS = "#as=1001&server=2001&channel=3002", "#as=1002&server=2001&channel=3002"
MESSAGE, PROMISE = 4, 5


def make_bot(site: "ChatSite", **handlers: Handler) -> GatewayBot:
    token = site.world.applications.get(GREENHOUSE).token
    assert token
    return GatewayBot(site.url, GREENHOUSE, token, handlers)


async def type_command(page: "Page", name: str) -> None:
    await page.get_by_label("Message #general").press_sequentially(f"/{name}")
    await expect(page.get_by_role("option", name=f"/{name}")).to_be_visible()
    await page.keyboard.press("Enter")


async def test_a_bot_on_the_gateway_answers_a_command(open_page: "PageOpener", site: "ChatSite") -> None:
    async def greet(bot: GatewayBot, interaction: Json) -> None:
        (whom,) = interaction["data"]["options"]
        card = {"title": "Welcome", "description": f"Hello <@{whom['value']}>!", "color": 0x2F9E6E}
        await bot.respond(interaction, MESSAGE, {"content": "At your service", "embeds": [card]})

    whom = {"type": 6, "name": "whom", "description": "Whom to greet", "required": True}
    hello = {"name": "hello", "description": "Says hello", "options": [whom]}
    mara, jonas = await open_page(AS_MARA), await open_page(AS_JONAS)
    member = mara.locator(f"[data-user='{GREENHOUSE}']")
    async with make_bot(site, hello=greet) as bot:
        await expect(member).to_contain_text("Online")
        await bot.publish([hello])
        await type_command(mara, "hello")
        await mara.get_by_label("whom").select_option(label="@Jonas")
        await mara.keyboard.press("Enter")
        for page in (mara, jonas):
            message = page.locator(".message", has_text="At your service")
            await expect(message.locator(".used")).to_contain_text("Mara used /hello")
            await expect(message.locator(".embed .mention")).to_have_text("@Jonas")
    await expect(member).to_contain_text("Offline")


async def test_a_private_answer_over_the_gateway_stays_private(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    async def whisper(bot: GatewayBot, interaction: Json) -> None:
        await bot.respond(interaction, MESSAGE, {"content": "under the pot", "flags": EPHEMERAL})

    mara, jonas = await open_page(AS_MARA), await open_page(AS_JONAS)
    await expect(jonas.get_by_text("Welcome to #general")).to_be_visible()
    async with make_bot(site, key=whisper) as bot:
        await bot.publish([{"name": "key", "description": "Where is the key?"}])
        await type_command(mara, "key")
        await mara.keyboard.press("Enter")
        await expect(mara.get_by_text("under the pot")).to_be_visible()
    await expect(jonas.locator(f"[data-user='{GREENHOUSE}']")).to_contain_text("Offline")
    assert "under the pot" not in await jonas.content()


async def test_a_promised_answer_over_the_gateway_replaces_the_wait(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    promised: list[Json] = []

    async def promise(bot: GatewayBot, interaction: Json) -> None:
        promised.append(interaction)
        await bot.respond(interaction, PROMISE)

    page = await open_page(AS_MARA)
    async with make_bot(site, count=promise) as bot:
        await bot.publish([{"name": "count", "description": "Counts"}])
        await type_command(page, "count")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Greenhouse is thinking…")).to_be_visible()
        await bot.follow_up(promised[0], {"content": "Seven."})
        await expect(page.locator(".message .markdown")).to_have_text("Seven.")
        await expect(page.get_by_text("thinking")).to_have_count(0)

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.seed import GREENHOUSE, MARA

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.browser.conftest import PageOpener
    from tests.browser.site import ChatSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = 3002
AS_MARA = "#as=1001&server=2001&channel=3002"

HOSTILE = [
    "<img src=x onerror=hacked=1>",
    "<script>hacked=1</script>",
    "<svg onload=hacked=1><iframe srcdoc='<script>parent.hacked=1</script>'>",
    "[press](javascript:hacked=1)",
    "[press](JaVaScRiPt:hacked=1)",
    "[press]( javascript:hacked=1)",
    "[press](data:text/html,<script>hacked=1</script>)",
    "[press](vbscript:hacked)",
    "<javascript:hacked=1>",
    "javascript:hacked=1",
    '[a](https://e.example" onmouseover="hacked=1)',
    "```html\n<img src=x onerror=hacked=1>\n```",
    "`<img src=x onerror=hacked=1>`",
    "**<b onclick=hacked=1>bold</b>**",
    "||<img src=x onerror=hacked=1>||",
    "> <img src=x onerror=hacked=1>",
    "# <img src=x onerror=hacked=1>",
    "<@1001><img src=x onerror=hacked=1>",
    '<:name"><img src=x onerror=hacked=1>:1>',
    "<t:9999999999999:F>",
    "\u202e<gpj.live>",
    "*" * 2000,
    "**__" * 500,
    "[" * 2000,
    "||**__~~*_" * 200,
    "> " * 900,
]

FORMS = [
    (
        "**bold** and *it* and __un__ and ~~st~~",
        "<strong>bold</strong> and <em>it</em> and <u>un</u> and <s>st</s>",
    ),
    ("***both***", "<strong><em>both</em></strong>"),
    ("**bold *inner* bold**", "<strong>bold <em>inner</em> bold</strong>"),
    ("_one_ snake_case_name 2*3*4", "<em>one</em> snake_case_name 2<em>3</em>4"),
    ("`a **b**` and ``c ` d``", "<code>a **b**</code> and <code>c ` d</code>"),
    (r"\*no\* \_no\_", "*no* _no_"),
    ("**open and a * b * c", "**open and a * b * c"),
]


async def shown(page: "Page", site: "ChatSite", text: str) -> "Locator":
    """Post a message and give what the page made of it."""
    message = site.world.messages.post(MARA, GENERAL, Draft(text))
    body = page.locator(f"[data-id='{message.id}'] .markdown")
    await expect(body).to_be_attached()
    return body


async def test_hostile_text_stays_text(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    for text in HOSTILE:
        body = await shown(page, site, text)
        for element in ("img", "script", "svg", "iframe", "b"):
            assert await body.locator(element).count() == 0, text
        for link in await body.locator("a").all():
            href = await link.get_attribute("href") or ""
            assert href.startswith(("https://", "http://")), text
        await body.locator("..").hover()
    assert await page.evaluate("'hacked' in window") is False


async def test_hostile_cards_stay_text(open_page: "PageOpener", site: "ChatSite") -> None:
    bad, script = "<img src=x onerror=hacked=1>", "javascript:hacked=1"
    card = {
        "title": bad,
        "url": script,
        "description": bad,
        "author": {"name": bad, "url": script, "icon_url": script},
        "fields": [{"name": bad, "value": f"[x]({script}) {bad}", "inline": True}],
        "footer": {"text": bad, "icon_url": "https://tracker.example/x.png"},
        "image": {"url": script},
        "thumbnail": {"url": "https://tracker.example/t.png"},
        "timestamp": "never",
        "color": 0x00FF00,
    }
    site.world.messages.post(GREENHOUSE, GENERAL, Draft("card", embeds=[card]))
    page = await open_page(AS_MARA)
    embed = page.locator(".embed")
    await expect(embed.locator(".embed-title")).to_have_text(bad)
    await expect(embed.locator("img")).to_have_count(0)
    assert [await link.get_attribute("href") for link in await embed.locator("a").all()] == [
        "https://tracker.example/t.png"
    ]
    assert await page.evaluate("'hacked' in window") is False


async def test_hostile_names_stay_text(open_page: "PageOpener", site: "ChatSite") -> None:
    bad = "<img src=x onerror=hacked=1>"
    site.world.guilds.rename(2001, bad)
    site.world.guilds.rename_channel(GENERAL, bad)
    site.world.guilds.get_member(2001, MARA).nick = bad
    site.world.commands.upsert(GREENHOUSE, None, {"name": bad, "type": 1, "description": bad})
    site.world.messages.post(MARA, GENERAL, Draft("<@1001> <#3002>"))
    page = await open_page(AS_MARA)
    await expect(page.locator(".guild-name")).to_have_text(bad)
    await expect(page.locator(".message .author")).to_have_text(bad)
    await page.get_by_role("textbox").press_sequentially("/")
    await expect(page.get_by_role("option")).to_contain_text(bad)
    # Pictures of people and servers come from the sandbox alone.
    await expect(page.locator("img:not([src^='/avatars/'], [src^='/icons/'])")).to_have_count(0)
    assert await page.evaluate("'hacked' in window") is False


async def test_styles_become_elements(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    for text, html in FORMS:
        body = await shown(page, site, text)
        assert await body.locator("p").inner_html() == html, text


async def test_blocks_become_elements(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    body = await shown(
        page,
        site,
        "# Big\n## Middle\n### Small\n-# tiny\n> quoted\n> **more**\n- one\n  - inner\n- two\n3. three\nend\n"
        "```py\nx = '<b>'\n```after",
    )
    await expect(body.locator(".md-heading")).to_have_text(["Big", "Middle", "Small"])
    await expect(body.locator(".md-subtext")).to_have_text("tiny")
    await expect(body.locator("blockquote")).to_have_text("quoted\nmore", use_inner_text=True)
    await expect(body.locator("ul ul li")).to_have_text("inner")
    await expect(body.locator("ol")).to_have_attribute("start", "3")
    await expect(body.locator("pre")).to_have_text("x = '<b>'")
    await expect(body.locator("p").last).to_have_text("after")


async def test_links_open_outside_and_say_where(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    body = await shown(page, site, "https://a.example/x_(y). <https://b.example> [c](https://c.example/(d))")
    links = await body.locator("a").all()
    hrefs = [await link.get_attribute("href") for link in links]
    assert hrefs == ["https://a.example/x_(y", "https://b.example/", "https://c.example/(d)"]
    for link in links:
        assert await link.get_attribute("rel") == "noopener noreferrer nofollow"
        assert await link.get_attribute("target") == "_blank"


async def test_mentions_carry_names_and_mark_the_reader(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    body = await shown(
        page, site, "<@1001> <@!1002> <@&4002> <#3003> </hello:5> @everyone <@99> <#98> <@&97>"
    )
    await expect(body.locator(".mention")).to_have_text(
        [
            "@Mara",
            "@Jonas",
            "@Gardener",
            "#plants",
            "/hello",
            "@everyone",
            "@unknown-user",
            "#unknown-channel",
            "@unknown-role",
        ]
    )
    await expect(body.locator(".mention.mine")).to_have_text(["@Mara", "@everyone"])


async def test_a_spoiler_opens_by_mouse_and_by_keyboard(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    body = await shown(page, site, "the end: ||they **win**|| and ||they leave||")
    covers = body.get_by_role("button", name="Spoiler")
    await expect(covers).to_have_count(2)
    await expect(body.get_by_text("win")).to_be_hidden()
    await covers.first.click()
    await expect(body.get_by_text("win")).to_be_visible()
    await covers.first.press("Enter")
    await expect(body.get_by_text("they leave")).to_be_visible()
    await expect(covers).to_have_count(0)


async def test_emoji_alone_are_large_and_times_are_local(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA, timezone_id="Europe/Berlin", locale="en-GB")
    await expect((await shown(page, site, "🎉 🌱")).locator(".md-large")).to_have_count(1)
    body = await shown(page, site, "<t:1700000000:t> 🌱 <:fern:123>")
    await expect(body.locator(".md-large")).to_have_count(0)
    await expect(body.locator("time")).to_have_text("23:13")
    await expect(body.locator(".md-emoji")).to_have_text(":fern:")

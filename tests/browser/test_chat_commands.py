from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import Interaction, ResponseKind
from socialcube.sandbox.world.records import EPHEMERAL
from socialcube.sandbox.world.seed import GREENHOUSE, ROLLCALL, TAVERN

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.conftest import PageOpener
    from tests.browser.site import ChatSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AS_MARA, AS_JONAS = "#as=1001&server=2001&channel=3002", "#as=1002&server=2001&channel=3002"
SIDES = {
    "type": 4,
    "name": "sides",
    "description": "How many sides",
    "required": True,
    "min_value": 2,
    "max_value": 100,
}


async def use(page: "Page", name: str) -> None:
    """Type a command without options and send it, by keyboard."""
    field = page.get_by_label("Message #general")
    await field.press_sequentially(f"/{name}")
    await expect(page.get_by_role("option", name=f"/{name}")).to_be_visible()
    await field.press("Enter")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")


async def test_the_picker_lists_and_filters_what_the_bots_offer(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    for bot, name in ((GREENHOUSE, "water"), (GREENHOUSE, "plan"), (TAVERN, "roll")):
        site.register(bot, {"name": name})
    page = await open_page(AS_MARA)
    field = page.get_by_label("Message #general")
    await field.press_sequentially("/")
    await expect(page.get_by_role("option")).to_have_count(3)
    await expect(page.get_by_role("group", name="Tavern").get_by_role("option")).to_contain_text("About roll")
    await field.press_sequentially("wa")
    await expect(page.get_by_role("option")).to_have_count(1)
    await field.press_sequentially("x")
    await expect(page.get_by_text("No command matches “/wax”")).to_be_visible()
    await field.press("Escape")
    await expect(page.get_by_text("No command matches")).to_be_hidden()


async def test_arrows_move_and_tab_picks(open_page: "PageOpener", site: "ChatSite") -> None:
    for name in ("alpha", "beta", "gamma"):
        site.register(GREENHOUSE, {"name": name})
    page = await open_page(AS_MARA)
    field = page.get_by_label("Message #general")
    await field.press_sequentially("/")
    chosen = page.get_by_role("option", selected=True)
    await expect(chosen).to_contain_text("/alpha")
    await field.press("ArrowUp")
    await expect(chosen).to_contain_text("/gamma")
    await field.press("ArrowUp")
    await expect(chosen).to_contain_text("/beta")
    assert await field.get_attribute("aria-activedescendant") == await chosen.get_attribute("id")
    await field.press("Tab")
    await expect(page.get_by_role("form", name="Command beta")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(field).to_be_focused()


async def test_a_redrawn_picker_keeps_the_choice(open_page: "PageOpener", site: "ChatSite") -> None:
    for name in ("alpha", "beta"):
        site.register(TAVERN, {"name": name})
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option", selected=True)).to_contain_text("/beta")
    site.register(GREENHOUSE, {"name": "zeta"})
    await expect(page.get_by_role("option")).to_have_count(3)
    await expect(page.get_by_role("option", selected=True)).to_contain_text("/beta")


async def test_the_mouse_picks_too(open_page: "PageOpener", site: "ChatSite") -> None:
    site.register(GREENHOUSE, {"name": "hello"})
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/")
    await page.get_by_role("option", name="/hello").click()
    await expect(page.get_by_role("form", name="Command hello")).to_be_visible()


async def test_a_new_command_appears_without_a_reload(open_page: "PageOpener", site: "ChatSite") -> None:
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/")
    await expect(page.get_by_text("The bots of this server have no commands yet.")).to_be_visible()
    site.register(GREENHOUSE, {"name": "hello"})
    await expect(page.get_by_role("option", name="/hello")).to_be_visible()


async def test_an_answer_comes_with_its_card_and_everyone_sees_it(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    card = {
        "title": "Watering plan",
        "url": "https://example.org/plan",
        "description": "Water the **ferns**",
        "color": 0x2F9E6E,
        "author": {"name": "Greenhouse"},
        "fields": [
            {"name": "Ferns", "value": "<@1002>", "inline": True},
            {"name": "Moss", "value": "nobody", "inline": True},
            {"name": "Note", "value": "Use rain water", "inline": False},
        ],
        "image": {"url": "https://pictures.example/fern.png"},
        "footer": {"text": "Fern Street"},
        "timestamp": "2026-05-01T12:00:00+00:00",
    }
    site.register(GREENHOUSE, {"name": "plan"}, site.answer_with(lambda: Draft("Here it is", embeds=[card])))
    mara, jonas = await open_page(AS_MARA), await open_page(AS_JONAS)
    await use(mara, "plan")
    for page in (mara, jonas):
        message = page.locator(".message", has_text="Here it is")
        await expect(message.locator(".used")).to_contain_text("Mara used /plan")
        await expect(message.locator(".byline")).to_contain_text("Greenhouse")
        await expect(message.locator(".bot-tag")).to_have_text("BOT")
        embed = message.locator(".embed")
        await expect(embed).to_have_css("border-left-color", "rgb(47, 158, 110)")
        await expect(embed.get_by_role("link", name="Watering plan")).to_have_attribute(
            "href", "https://example.org/plan"
        )
        await expect(embed.locator("strong")).to_have_text("ferns")
        await expect(embed.locator("dl")).to_have_count(2)
        await expect(embed.locator(".mention")).to_have_text("@Jonas")
        await expect(embed.locator("img")).to_have_count(0)
        await expect(embed.get_by_role("link", name="Image at pictures.example")).to_be_visible()
        await expect(embed.locator(".embed-foot")).to_contain_text("Fern Street")
    await expect(mara.get_by_label("Message #general")).to_be_focused()


async def test_a_private_answer_is_seen_by_its_person_only_until_dismissed(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    answer = site.answer_with(lambda: Draft("under the pot", flags=EPHEMERAL))
    site.register(GREENHOUSE, {"name": "key"}, answer)
    mara, jonas = await open_page(AS_MARA), await open_page(AS_JONAS)
    await expect(jonas.get_by_text("Welcome to #general")).to_be_visible()
    await use(mara, "key")
    await expect(mara.locator(".message.ephemeral")).to_contain_text("Only you can see this")
    site.world.messages.post(1001, 3002, Draft("public"))
    await expect(jonas.get_by_text("public")).to_be_visible()
    assert "under the pot" not in await jonas.content()
    await mara.get_by_role("button", name="Dismiss message").click()
    await expect(mara.get_by_text("under the pot")).to_have_count(0)
    await mara.reload()
    await expect(mara.get_by_text("public")).to_be_visible()
    assert "under the pot" not in await mara.content()


async def test_a_promised_answer_shows_that_the_bot_is_thinking(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    waiting: list[Interaction] = []

    def promise(interaction: Interaction) -> None:
        waiting.append(interaction)
        site.world.interactions.respond(interaction, ResponseKind.LOADING_MESSAGE)

    site.register(ROLLCALL, {"name": "count"}, promise)
    page = await open_page(AS_MARA)
    await use(page, "count")
    await expect(page.get_by_text("Rollcall is thinking…")).to_be_visible()
    site.world.interactions.follow_up(waiting[0], Draft("Seven."))
    await expect(page.locator(".message .markdown")).to_have_text("Seven.")
    await expect(page.get_by_text("thinking")).to_have_count(0)


@pytest.mark.parametrize(
    ("online", "reason"), [(False, "Tavern is offline"), (True, "no answer within 3 seconds")]
)
async def test_a_bot_that_stays_silent_is_named_with_the_reason(
    open_page: "PageOpener", site: "ChatSite", *, online: bool, reason: str
) -> None:
    site.shorten_the_wait()
    site.register(TAVERN, {"name": "roll"})
    site.world.applications.set_online(TAVERN, online=online)
    page = await open_page(AS_MARA)
    await use(page, "roll")
    await expect(page.get_by_text("Sending command…")).to_be_visible()
    failed = page.locator(".message.failed")
    await expect(failed).to_contain_text("The application did not respond")
    await expect(failed).to_contain_text(reason)
    await failed.get_by_role("button", name="Dismiss message").click()
    await expect(failed).to_have_count(0)


async def test_values_against_the_rules_are_told_beside_their_field(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    wish = {"type": 3, "name": "wish", "description": "What for", "min_length": 3, "max_length": 5}
    luck = {"type": 10, "name": "luck", "description": "How much", "max_value": 1}
    received: list[Any] = []
    site.register(
        TAVERN,
        {"name": "roll", "options": [SIDES, wish, luck]},
        lambda interaction: received.append(interaction.data["options"]),
    )
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/roll ")
    sides = page.get_by_label("sides")
    await expect(sides).to_be_focused()
    for typed, problem in (
        ("", "This field is required."),
        ("six", "Write a whole number, such as 3."),
        ("2.5", "Write a whole number, such as 3."),
        ("1", "The smallest value is 2."),
        ("101", "The largest value is 100."),
    ):
        await sides.fill(typed)
        await sides.press("Enter")
        await expect(sides).to_have_accessible_description(f"How many sides {problem}")
        await expect(sides).to_have_attribute("aria-invalid", "true")
    await sides.fill("6")
    await page.get_by_label("wish").fill("ab")
    await page.get_by_label("luck").fill("much")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("wish")).to_be_focused()
    await expect(page.get_by_text("Write at least 3 characters; this is 2.")).to_be_visible()
    await expect(page.get_by_text("Write a number, such as 2.5.")).to_be_visible()
    assert received == []
    await page.get_by_label("wish").fill("luck")
    await page.get_by_label("luck").fill("0,5")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Sending command…")).to_be_visible()
    assert received == [
        [
            {"name": "sides", "type": 4, "value": 6},
            {"name": "wish", "type": 3, "value": "luck"},
            {"name": "luck", "type": 10, "value": 0.5},
        ]
    ]


async def test_people_places_and_choices_are_chosen_from_lists(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    kinds = {"loud": 5, "who": 6, "where": 7, "crew": 8, "any": 9}
    listed: list[dict[str, Any]] = [
        {"type": kind, "name": name, "description": "d"} for name, kind in kinds.items()
    ]
    choices = [{"name": "Chess", "value": 1}, {"name": "Go", "value": 2}]
    listed.append({"type": 4, "name": "game", "description": "d", "choices": choices})
    received: list[Any] = []
    site.register(
        TAVERN,
        {"name": "invite", "options": listed},
        lambda interaction: received.extend(interaction.data["options"]),
    )
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/invite ")
    for name, label in (
        ("loud", "False"),
        ("who", "@Jonas"),
        ("where", "#plants"),
        ("crew", "@Gardener"),
        ("any", "@Staff"),
        ("game", "Go"),
    ):
        await page.get_by_label(name).select_option(label=label)
    await page.get_by_label("game").press("Enter")
    await expect(page.get_by_text("Sending command…")).to_be_visible()
    values = {option["name"]: option["value"] for option in received}
    assert values == {
        "loud": False,
        "who": "1002",
        "where": "3003",
        "crew": "4002",
        "any": "4001",
        "game": 2,
    }


async def test_a_subcommand_is_an_entry_of_its_own(open_page: "PageOpener", site: "ChatSite") -> None:
    name = {"type": 3, "name": "name", "description": "d", "required": True}
    start = {"type": 1, "name": "start", "description": "Starts a game", "options": [name]}
    group = {"type": 2, "name": "night", "description": "d", "options": [start]}
    received: list[Any] = []
    site.register(
        TAVERN,
        {"name": "game", "options": [group]},
        lambda interaction: received.extend(interaction.data["options"]),
    )
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/night")
    await expect(page.get_by_role("option")).to_contain_text("/game night startname")
    await page.keyboard.press("Enter")
    await page.get_by_label("name").fill("Chess")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Sending command…")).to_be_visible()
    value = {"name": "name", "type": 3, "value": "Chess"}
    inner = {"name": "start", "type": 1, "options": [value]}
    assert received == [{"name": "night", "type": 2, "options": [inner]}]


async def test_a_command_that_vanished_meanwhile_is_told_above_the_field(
    open_page: "PageOpener", site: "ChatSite"
) -> None:
    site.expect_complaint("404 (Not Found)")
    site.register(GREENHOUSE, {"name": "hello"})
    page = await open_page(AS_MARA)
    await page.get_by_label("Message #general").press_sequentially("/hello ")
    await expect(page.get_by_role("form", name="Command hello")).to_be_visible()
    site.world.commands.replace_all(GREENHOUSE, None, [])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text(
        "This command is gone. Type / again to see what there is now."
    )


async def test_a_button_below_a_message_reaches_its_bot(open_page: "PageOpener", site: "ChatSite") -> None:
    buttons = [
        {"type": 2, "style": 1, "label": "Join", "custom_id": "join"},
        {"type": 2, "style": 5, "label": "Rules", "url": "https://example.org/rules"},
        {"type": 2, "style": 5, "label": "Trap", "url": "javascript:alert(1)"},
    ]
    draft = Draft("Game night?", components=[{"type": 1, "components": buttons}])
    site.world.messages.post(TAVERN, 3002, draft)
    site.on_button("join", site.answer_with(lambda: Draft("You are in", flags=EPHEMERAL)))
    page = await open_page(AS_MARA)
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_text("You are in")).to_be_visible()
    await expect(page.get_by_role("link", name="Rules")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    await expect(page.get_by_role("link", name="Trap")).to_have_count(0)

"""Takes pictures of the panel's pages, as design and README show them: `bin/screenshots [page …]`."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Page, async_playwright

from tests.browser.conftest import ARGUMENTS, SYSTEM_CHROMIUM
from tests.support.panel import Panel

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WIDE: Final = (1440, 900)
PHONE: Final = (390, 844)

#: Bots beside the three of the demo, so that lists look like those of an agency.
MORE_BOTS: Final = ("Harbor", "Moderato", "Polyglot", "Arcade", "Ledger", "Beacon", "Weatherly", "Chess Club")
STOPPED: Final = ("Chess Club",)

_SETTLE_MS: Final = 900


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to take.

    Attributes:
        path: in the panel; `{bot}` and `{command}` stand for ids.
        prepare: what to do on it first.
    """

    name: str
    path: str
    prepare: Callable[[Page], Awaitable[None]] | None = None


async def _open_telling_row(page: Page) -> None:
    """Open a run that failed, or else the newest row. On a phone the panel would hide the list."""
    if page.viewport_size and page.viewport_size["width"] == PHONE[0]:
        return
    failed = page.locator("[data-rows] tr.bad .text")
    rows = failed if await failed.count() else page.locator("[data-rows] tr:not(.gap) .text")
    await rows.last.click()


SHOTS: Final = (
    Shot("home", "/admin/"),
    Shot("bots", "/admin/bots/"),
    Shot("bot", "/admin/bots/{bot}/"),
    Shot("new-bot", "/admin/bots/new"),
    Shot("command", "/admin/commands/{command}/"),
    Shot("live", "/admin/live?log=commands&log=errors", _open_telling_row),
    Shot("form", "/admin/commands/edit/?id={command}"),
    Shot("logs", "/admin/logs/commands/"),
)


def main() -> None:
    """Take all pictures, or those that are named."""
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Panel(Path(folder)) as panel:
        ids = _furnish(panel)
        asyncio.run(_take(panel, [shot for shot in SHOTS if not wanted or shot.name in wanted], ids))


def _furnish(panel: Panel) -> dict[str, str]:
    """Add bots and a past. Gives the ids that paths ask for."""
    system = panel.system
    for name in MORE_BOTS:
        token = system.flask_ok("demo", "bot", name).strip()
        system.flask_ok("bots", "create", *([] if name in STOPPED else ["--start"]), typed=token)
        exported = system.flask_ok("commands", "export", "Greenhouse")
        file = system.folder / "commands.yaml"
        file.write_text(exported)
        system.flask_ok("commands", "import", name, str(file), "--publish")
    wanted = 3 + len(MORE_BOTS) - len(STOPPED)
    system.wait(lambda: system.flask_ok("bots", "list").count("Online") == wanted, "all bots are online")
    system.flask_ok("demo", "history", "--hours", "48")
    bots = {bot["name"]: bot["id"] for bot in _objects(system.flask_ok("bots", "list", "--json"))}
    commands = _objects(system.flask_ok("commands", "list", "Greenhouse", "--json"))
    return {"bot": bots["Greenhouse"], "command": commands[0]["id"]}


def _objects(lines: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines.splitlines()]


async def _take(panel: Panel, shots: list[Shot], ids: dict[str, str]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=SYSTEM_CHROMIUM, args=ARGUMENTS)
        for theme, (width, height) in (("light", WIDE), ("dark", WIDE), ("light", PHONE)):
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = await context.new_page()
            await panel.sign_in(page)
            for shot in shots:
                await page.goto(panel.url + shot.path.format(**ids))
                if shot.prepare:
                    await shot.prepare(page)
                await page.wait_for_timeout(_SETTLE_MS)
                await page.screenshot(path=FOLDER / f"{shot.name}-{theme}-{width}.png")
            await context.close()
        await browser.close()


if __name__ == "__main__":
    main()

"""The panel with its demo, as real processes, for a browser to open."""

from pathlib import Path
from typing import Final, Self

from playwright.async_api import Page

from tests.support.migrated import migrated_url
from tests.support.system import System

#: The sandbox's demo people, and what `demo seed` lets each of them do.
MARA, JONAS, PRIYA, THEO = "1001", "1002", "1003", "1004"

_PROCESSES: Final = ("web", "worker", "beat", "bots")


class Panel:
    """A running installation with three live demo bots.

    Args:
        folder: holds `var/` and the logs.
        database_url: SQLite in the folder by default.
    """

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.system = System(folder, database_url or migrated_url(folder / "panel.db"))
        self.url = f"http://127.0.0.1:{self.system.ports['web']}"

    def start(self) -> None:
        """Start everything and wait until the demo's bots are online with their commands."""
        system = self.system
        system.start("redis", "sandbox")
        system.release()
        system.start(*_PROCESSES)
        system.wait_ready()
        system.flask_ok("demo", "seed")
        system.wait(
            lambda: system.flask_ok("bots", "list").count("Online") == 3, "the demo's bots are online"
        )
        for bot in system.control.bots().values():
            system.wait_registered(bot.id, 1)

    async def sign_in(self, page: Page, person: str = MARA, *, next_path: str = "/admin/") -> None:
        """Sign a demo person in, through the consent page as people do."""
        await page.goto(f"{self.url}{next_path}")
        await (
            page.get_by_role("button", name="Sign in with Discord")
            .or_(page.get_by_role("link", name="Sign in with Discord"))
            .click()
        )
        await page.locator(f"button[name=person][value='{person}']").click()
        await page.wait_for_url(f"{self.url}/**")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *caught: object) -> None:
        self.system.__exit__(*caught)

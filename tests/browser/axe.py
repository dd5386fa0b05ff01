"""axe in a page, asked for violations alone: all else that it says costs more to carry over than to find."""

from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # ships no types

if TYPE_CHECKING:
    from playwright.async_api import Page

# Of what axe fetches beforehand, the rules that run by default read media alone, and no style sheet.
_RUN: Final = """() => axe.run({ resultTypes: ['violations'], preload: { assets: ['media'] } })
  .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"""


async def find_violations(page: "Page") -> list[tuple[str, list[str]]]:
    """Look at a page as it is now. Gives the broken rules, each with the elements that break it."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    found: list[Any] = await page.evaluate(_RUN)
    return [(rule, elements) for rule, elements in found]

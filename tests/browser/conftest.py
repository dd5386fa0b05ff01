"""A real Chromium, and the sandbox's chat for it to open."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.site import ChatSite

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Chromium from the system; Playwright's own download is used where a machine has none there.
SYSTEM_CHROMIUM = "/usr/bin/chromium"
REPORT_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""

# Far more than a page needs, for machines that do much else meanwhile.
PATIENCE_MS = 45_000

PageOpener = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    executable = SYSTEM_CHROMIUM if os.path.exists(SYSTEM_CHROMIUM) else None  # noqa: PTH110, ASYNC240 - once
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[ChatSite]:
    site = ChatSite()
    await site.start()
    yield site
    await site.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, site: ChatSite) -> AsyncIterator[PageOpener]:
    """Open pages in contexts of their own; whatever one of them complains about fails the test."""
    contexts, complaints = [], []

    async def open_one(place: str = "", *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        size: Any = {"width": width, "height": height}
        context = await browser.new_context(viewport=size, reduced_motion="reduce", **options)
        contexts.append(context)
        await context.add_init_script(REPORT_VIOLATIONS)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on(
            "request", lambda sent: None if sent.url.startswith(site.url) else complaints.append(sent.url)
        )
        await page.goto(f"{site.url}/chat{place}")
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert [text for text in complaints if not site.is_expected(text)] == []

"""One sandbox per test, and clients for it."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api

CALLBACK = "http://127.0.0.1:5000/login/discord/authorized"


@pytest.fixture
def limits() -> Limits:
    """Discord's limits, but for the pause between two IDENTIFYs; a test may override this fixture."""
    return Limits(identify_seconds=0.0)


@pytest.fixture
def sandbox(limits: Limits) -> Iterator[RunningSandbox]:
    with RunningSandbox(limits=limits, redirect_uris=(CALLBACK,)) as running:
        yield running


@pytest.fixture
def control(sandbox: RunningSandbox) -> ControlClient:
    return sandbox.control


@pytest.fixture
def bot(control: ControlClient) -> Bot:
    return control.bots()["Greenhouse"]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def api(sandbox: RunningSandbox, session: aiohttp.ClientSession, bot: Bot) -> Api:
    return Api(sandbox, session, f"Bot {bot.token}")


@pytest.fixture
def nobody(sandbox: RunningSandbox, session: aiohttp.ClientSession) -> Api:
    return Api(sandbox, session)

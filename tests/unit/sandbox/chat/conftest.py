"""A world that does not move by itself, and requests that no socket carried."""

import asyncio
import json
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import StreamReader, web
from aiohttp.test_utils import make_mocked_request

from socialcube.sandbox.chat.handlers import Handlers
from socialcube.sandbox.chat.hub import Hub
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock
from tests.unit.sandbox.chat.support import OWN, RequestMaker


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock=clock)


@pytest.fixture
def hub(world: World) -> Hub:
    return Hub(world)


@pytest.fixture
def handlers(world: World, hub: Hub) -> Handlers:
    return Handlers(world, hub, "http://127.0.0.1:5000/")


@pytest.fixture
def make_request() -> RequestMaker:
    """Make requests as the chat page sends them; headers and body can be spoilt."""

    def make(
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
        **match: str,
    ) -> web.Request:
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        described = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        stream = StreamReader(Mock(_reading_paused=False), 2**16, loop=asyncio.get_running_loop())
        stream.feed_data(content)
        stream.feed_eof()
        method = "POST" if content else "GET"
        kept = {name: value for name, value in (OWN | described | (headers or {})).items() if value}
        return make_mocked_request(method, path, headers=kept, payload=stream, match_info=match)

    return make

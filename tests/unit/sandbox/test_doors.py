"""The checks before any handler, on requests that no socket carried."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from socialcube.sandbox.doors import add_headers, guard

OWN = "127.0.0.1:8100"


async def let_through(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="in")


async def status_of(method: str, path: str, **headers: str) -> int:
    given = {"Host": OWN} | {name.replace("_", "-"): value for name, value in headers.items()}
    response = await guard(make_mocked_request(method, path, headers=given), let_through)
    return response.status


@pytest.mark.parametrize("path", ["/chat", "/control/reset", "/oauth2/authorize"])
async def test_foreign_page_may_not_act(path: str) -> None:
    assert await status_of("POST", path, Origin="https://evil.example") == 403
    assert await status_of("POST", path, Origin="null") == 403
    assert await status_of("POST", path, Origin=f"http://{OWN}") == 200
    assert await status_of("POST", path) == 200


async def test_foreign_page_may_not_open_a_socket() -> None:
    assert await status_of("GET", "/chat/ws", Origin="https://evil.example", Upgrade="websocket") == 403
    assert await status_of("GET", "/chat/ws", Origin=f"http://{OWN}", Upgrade="websocket") == 200


async def test_programs_may_come_from_anywhere_on_this_machine() -> None:
    assert await status_of("POST", "/api/v10/x", Origin="http://localhost:3000") == 200
    assert await status_of("GET", "/gateway", Origin="http://localhost:3000", Upgrade="websocket") == 200


async def test_foreign_host_is_refused_first() -> None:
    assert await status_of("GET", "/healthz", Host="evil.example") == 403


async def test_pages_get_headers_unless_they_bring_their_own() -> None:
    request = make_mocked_request("GET", "/chat", headers={"Host": OWN})
    response = web.Response(headers={"Cache-Control": "max-age=1"})
    await add_headers(request, response)

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "max-age=1"

from typing import TYPE_CHECKING, cast

import pytest
from aiohttp import web

from socialcube.sandbox.chat.routes import POLICY, add_chat
from tests.unit.sandbox.chat.support import answer_of

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World
    from tests.unit.sandbox.chat.support import RequestMaker


@pytest.fixture
def app(world: "World") -> web.Application:
    app = web.Application()
    add_chat(app, world)
    return app


async def call(app: web.Application, request: web.Request) -> web.StreamResponse:
    match = await app.router.resolve(request)
    request.match_info.update(match)
    return await match.handler(request)


def test_all_routes_stand_below_chat(app: web.Application) -> None:
    assert all(resource.canonical.startswith("/chat") for resource in app.router.resources())


async def test_the_page_allows_nothing_from_elsewhere(
    app: web.Application, make_request: "RequestMaker"
) -> None:
    page = await call(app, make_request("/chat"))
    assert page.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/chat/api/view", 400),
        ("/chat/api/view?as=mara", 400),
        ("/chat/api/view?as=77", 400),
        ("/chat/api/channels/99/messages?as=1001", 404),
        ("/chat/api/channels/3005/messages?as=1003", 403),
        ("/chat/api/channels/3002/messages?as=1001&before=x", 400),
        ("/chat/ws?as=77", 400),
    ],
)
async def test_a_bad_request_is_answered_with_a_sentence(
    app: web.Application, make_request: "RequestMaker", path: str, status: int
) -> None:
    response = cast("web.Response", await call(app, make_request(path)))
    answer = answer_of(response)
    assert response.status == status
    assert answer["message"].endswith(".")
    assert "(" not in answer["message"]
    assert answer["code"]


@pytest.mark.parametrize("path", ["/chat", "/chat/api/people", "/chat/api/view?as=1001", "/chat/ws?as=1001"])
async def test_a_foreign_host_name_gets_nothing(
    app: web.Application, make_request: "RequestMaker", path: str
) -> None:
    response = await call(app, make_request(path, headers={"Host": "evil.example"}))
    assert response.status == 403


async def test_a_socket_of_a_foreign_page_is_refused(
    app: web.Application, make_request: "RequestMaker"
) -> None:
    response = await call(app, make_request("/chat/ws?as=1001", headers={"Origin": "http://evil.example"}))
    assert response.status == 403

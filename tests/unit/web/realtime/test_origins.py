from collections.abc import Callable, Iterable
from typing import Any

import pytest

import config
from socialcube.web.realtime.origins import OriginGuard, allowed_origins
from tests.factories.settings import make_environ


def origins(**environ: str) -> frozenset[str]:
    return allowed_origins(config.load_settings(make_environ(**environ)).web)


def test_the_public_address_and_our_other_names_are_allowed() -> None:
    found = origins(PORT="5005")
    assert found == {"http://127.0.0.1:5005", "http://localhost:5005", "http://[::1]:5005"}


def test_the_default_port_is_not_written() -> None:
    found = origins(PUBLIC_URL="https://panel.example", ALLOWED_HOSTS="other.example")
    assert found == {"https://panel.example", "https://other.example"}


def _ask(origin: str | None, path: str = "/socket.io/") -> str:
    answers: list[str] = []

    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"in"]

    environ = {"PATH_INFO": path} | ({} if origin is None else {"HTTP_ORIGIN": origin})
    guard = OriginGuard(app, frozenset({"https://panel.example"}))
    list(guard(environ, lambda status, _headers: answers.append(status)))
    return answers[0]


def test_our_own_pages_come_in() -> None:
    assert _ask("https://panel.example") == "200 OK"
    assert _ask("https://PANEL.example") == "200 OK"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://panel.example",
        "https://panel.example:8443",
        "https://panel.example.evil.example",
        "https://evil-panel.example",
        "https://panel.example@evil.example",
        "https://panel.example, https://evil.example",
    ],
)
def test_asvs_4_4_2_foreign_missing_and_look_alike_origins_are_refused(origin: str | None) -> None:
    assert _ask(origin) == "403 Forbidden"
    assert _ask(origin, "/socket.io") == "403 Forbidden"


def test_other_addresses_need_no_origin() -> None:
    assert _ask(None, "/admin/") == "200 OK"


def test_no_socket_is_compressed() -> None:
    passed: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], _start_response: Callable[..., Any]) -> Iterable[bytes]:
        passed.append(environ)
        return []

    offer = {"HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate", "HTTP_ORIGIN": "https://panel.example"}
    guard = OriginGuard(app, frozenset({"https://panel.example"}))
    guard(offer | {"PATH_INFO": "/socket.io/"}, lambda *_: None)
    assert passed == [{"PATH_INFO": "/socket.io/", "HTTP_ORIGIN": "https://panel.example"}]

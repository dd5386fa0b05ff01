import gzip
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from socialcube.domain.bots.errors import PlatformUnavailableError, TokenRefusedError
from socialcube.infra import discord_rest
from socialcube.infra.discord_rest import MAX_BODY_BYTES, DiscordDirectory
from socialcube.kernel.secrets import Secret

TOKEN = Secret("a.good.token")
USER = {"id": "5001", "username": "Fern", "avatar": None, "bot": True}
APPLICATION = {"description": "Grows", "flags": 1 << 15 | 1 << 18, "approximate_guild_count": 3}
GATEWAY = {"session_start_limit": {"remaining": 998}}


@dataclass
class Platform:
    """A tiny Discord that says what it is told to.

    Attributes:
        answers: status and body by path.
        headers: sent with every answer.
        seen: path and Authorization of each request.
    """

    base_url: str
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def say(self, path: str, value: object, status: int = 200) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.answers[f"/api/v10{path}"] = (status, body)


@pytest.fixture
def platform() -> Iterator[Platform]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.seen.append((self.path, self.headers["Authorization"]))
            status, body = said.answers.get(self.path, (404, b"{}"))
            self.send_response(status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:
                return

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said = Platform(f"http://127.0.0.1:{server.server_port}/api/v10")
    said.say("/users/@me", USER)
    said.say("/applications/@me", APPLICATION)
    said.say("/gateway/bot", GATEWAY)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield said
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_good_token_is_identified(platform: Platform) -> None:
    identity = DiscordDirectory(platform.base_url).identify(TOKEN)
    assert (identity.external_id, identity.name, identity.description) == (5001, "Fern", "Grows")
    assert identity.intents == (1 << 1) | (1 << 15)
    assert (identity.guild_count, identity.starts_left) == (3, 998)


def test_the_token_travels_as_a_bots_and_to_three_places_only(platform: Platform) -> None:
    DiscordDirectory(platform.base_url).identify(TOKEN)
    assert platform.seen == [
        (f"/api/v10{path}", "Bot a.good.token")
        for path in ("/users/@me", "/applications/@me", "/gateway/bot")
    ]


def test_a_refused_token_is_the_platforms_word(platform: Platform) -> None:
    platform.say("/users/@me", {"message": "401: Unauthorized", "code": 0}, 401)
    with pytest.raises(TokenRefusedError):
        DiscordDirectory(platform.base_url).identify(TOKEN)
    assert len(platform.seen) == 1


def test_a_persons_token_is_refused(platform: Platform) -> None:
    platform.say("/users/@me", USER | {"bot": False})
    with pytest.raises(TokenRefusedError):
        DiscordDirectory(platform.base_url).identify(TOKEN)


@pytest.mark.parametrize("token", ["line\r\nInjected: yes", "tökén", "nul\0"])
def test_what_cannot_be_a_token_is_not_even_sent(platform: Platform, token: str) -> None:
    with pytest.raises(TokenRefusedError):
        DiscordDirectory(platform.base_url).identify(Secret(token))
    assert platform.seen == []


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "403"), (404, "404"), (429, "wait"), (500, "500"), (503, "503"), (302, "302")],
)
def test_any_other_status_says_nothing_about_the_token(platform: Platform, status: int, said: str) -> None:
    platform.say("/users/@me", {}, status)
    platform.headers["Location"] = f"{platform.base_url}/gateway/bot"
    with pytest.raises(PlatformUnavailableError, match=said):
        DiscordDirectory(platform.base_url).identify(TOKEN)
    assert len(platform.seen) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id": "x"}', b'{"id": 1}', b"\xff\xfe"])
def test_an_answer_that_makes_no_sense_is_no_answer(platform: Platform, body: bytes) -> None:
    platform.say("/users/@me", body)
    with pytest.raises(PlatformUnavailableError, match="could not be understood"):
        DiscordDirectory(platform.base_url).identify(TOKEN)


def test_an_endless_answer_is_cut(platform: Platform) -> None:
    platform.say("/users/@me", b" " * (MAX_BODY_BYTES + 1))
    with pytest.raises(PlatformUnavailableError, match="too long"):
        DiscordDirectory(platform.base_url).identify(TOKEN)


def test_a_compressed_bomb_is_cut_too(platform: Platform) -> None:
    platform.headers["Content-Encoding"] = "gzip"
    platform.say("/users/@me", gzip.compress(b" " * 50_000_000))
    with pytest.raises(PlatformUnavailableError, match="too long"):
        DiscordDirectory(platform.base_url).identify(TOKEN)


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(PlatformUnavailableError, match="connection failed"):
        DiscordDirectory("http://127.0.0.1:1/api/v10").identify(TOKEN)


def test_silence_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord_rest, "_TIMEOUT_SECONDS", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        directory = DiscordDirectory(f"http://127.0.0.1:{silent.getsockname()[1]}/api/v10")
        with pytest.raises(PlatformUnavailableError, match="did not answer in time"):
            directory.identify(TOKEN)


def test_a_proxy_of_the_environment_never_sees_the_token(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert DiscordDirectory(platform.base_url).identify(TOKEN).name == "Fern"

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from socialcube import USER_AGENT
from socialcube.domain.pictures.types import PictureAddress, PictureKind
from socialcube.infra import discord_images
from socialcube.infra.breaker import PAUSE_SECONDS
from socialcube.infra.discord_images import MAX_BYTES, DiscordImages, Picture, PicturesAwayError
from tests.fakes.clock import FakeClock

HASH = "0123456789abcdef" * 2
BOT = PictureAddress(PictureKind.BOT, 5001, HASH)
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
PNG_TYPE = "image/png"


@dataclass
class CDN:
    """A tiny CDN that says one thing.

    Attributes:
        pause: called between the body's two halves.
        seen: path and all headers of each request, names in lower case.
    """

    url: str
    status: int = 200
    body: bytes = PNG
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": PNG_TYPE})
    length: int | None = None
    pause: Callable[[], object] = lambda: None
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def cdn() -> Iterator[CDN]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.seen.append((self.path, {name.lower(): text for name, text in self.headers.items()}))
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(said.length or len(said.body)))
            self.end_headers()
            middle = len(said.body) // 2
            try:
                self.wfile.write(said.body[:middle])
                self.wfile.flush()
                said.pause()
                self.wfile.write(said.body[middle:])
            except ConnectionError:
                return

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said = CDN(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield said
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def images(cdn: CDN, clock: FakeClock) -> DiscordImages:
    return DiscordImages(cdn.url, clock)


@pytest.mark.parametrize(
    ("kind", "folder"),
    [(PictureKind.BOT, "avatars"), (PictureKind.PERSON, "avatars"), (PictureKind.SERVER, "icons")],
)
def test_a_picture_is_asked_for_where_discord_has_it(
    cdn: CDN, images: DiscordImages, kind: PictureKind, folder: str
) -> None:
    assert images.fetch(PictureAddress(kind, 77, HASH)) == Picture(PNG, PNG_TYPE)
    ((path, headers),) = cdn.seen
    assert path == f"/{folder}/77/{HASH}.png?size=128"
    assert headers["user-agent"] == USER_AGENT
    assert not {"cookie", "authorization", "referer"} & headers.keys()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (b"GIF89a gif", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_the_bytes_say_what_a_picture_is(
    cdn: CDN, images: DiscordImages, body: bytes, media_type: str
) -> None:
    cdn.body = body
    assert images.fetch(BOT) == Picture(body, media_type)


@pytest.mark.parametrize("body", [b"", b"<html><script>alert(1)</script>", b"<svg/>", b"RIFF\x10\0\0\0WAVE"])
def test_what_is_no_picture_is_none_whatever_it_says_it_is(
    cdn: CDN, images: DiscordImages, body: bytes
) -> None:
    cdn.body = body
    assert images.fetch(BOT) is None


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/octet-stream", ""])
def test_another_type_is_refused_whatever_the_bytes_are(
    cdn: CDN, images: DiscordImages, media_type: str
) -> None:
    cdn.headers = {"Content-Type": media_type}
    assert images.fetch(BOT) is None


def test_a_type_may_carry_a_parameter(cdn: CDN, images: DiscordImages) -> None:
    cdn.headers = {"Content-Type": "IMAGE/PNG; q=1"}
    assert images.fetch(BOT) is not None


def test_a_picture_may_be_just_as_large_as_allowed(cdn: CDN, images: DiscordImages) -> None:
    cdn.body = PNG.ljust(MAX_BYTES, b"x")
    found = images.fetch(BOT)
    assert found is not None
    assert len(found.content) == MAX_BYTES


def test_one_byte_more_is_refused(cdn: CDN, images: DiscordImages) -> None:
    cdn.body = PNG.ljust(MAX_BYTES + 1, b"x")
    assert images.fetch(BOT) is None


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_leads_to_another_host(cdn: CDN, images: DiscordImages, status: int) -> None:
    cdn.status = status
    cdn.headers = {"Location": f"{cdn.url}/elsewhere.png", "Content-Type": PNG_TYPE}
    assert images.fetch(BOT) is None
    assert [path for path, _ in cdn.seen] == [f"/avatars/5001/{HASH}.png?size=128"]


@pytest.mark.parametrize("status", [400, 403, 404, 410, 415])
def test_a_refused_picture_is_none(cdn: CDN, images: DiscordImages, status: int) -> None:
    cdn.status = status
    assert images.fetch(BOT) is None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_of_the_cdn_says_nothing_about_the_picture(
    cdn: CDN, images: DiscordImages, status: int
) -> None:
    cdn.status = status
    with pytest.raises(PicturesAwayError, match=f"status {status}"):
        images.fetch(BOT)


def test_a_cdn_that_is_away_is_not_asked_at_each_picture(
    cdn: CDN, images: DiscordImages, clock: FakeClock
) -> None:
    cdn.status = 500
    for _ in range(5):
        with pytest.raises(PicturesAwayError):
            images.fetch(BOT)
    assert len(cdn.seen) == 2
    cdn.status = 200
    clock.advance(PAUSE_SECONDS)
    assert images.fetch(BOT) == images.fetch(BOT) == Picture(PNG, PNG_TYPE)


def test_a_body_that_drips_is_given_up(cdn: CDN, images: DiscordImages, clock: FakeClock) -> None:
    cdn.pause = lambda: clock.advance(discord_images.TIMEOUT_SECONDS + 1)
    with pytest.raises(PicturesAwayError, match="takes too long"):
        images.fetch(BOT)


def test_a_body_that_stops_is_given_up(
    cdn: CDN, images: DiscordImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_images, "TIMEOUT_SECONDS", 0.05)
    ended = threading.Event()
    cdn.pause = lambda: ended.wait(5)
    with pytest.raises(PicturesAwayError, match="connection failed"):
        images.fetch(BOT)
    ended.set()


def test_a_body_that_ends_early_is_given_up(cdn: CDN, images: DiscordImages) -> None:
    cdn.length = len(PNG) + 10
    with pytest.raises(PicturesAwayError, match="connection failed"):
        images.fetch(BOT)


def test_no_server_at_all_is_told(clock: FakeClock) -> None:
    with pytest.raises(PicturesAwayError, match="connection failed"):
        DiscordImages("http://127.0.0.1:1", clock).fetch(BOT)

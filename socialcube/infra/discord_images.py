"""Fetches pictures from Discord's CDN: one fixed host, small answers, nothing but pictures."""

from dataclasses import dataclass
from typing import Final

import requests
from urllib3.exceptions import HTTPError

from socialcube import USER_AGENT
from socialcube.domain.pictures.types import PictureAddress, PictureKind
from socialcube.infra.breaker import Breaker
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import UnavailableError

MAX_BYTES: Final = 256 * 1024
TIMEOUT_SECONDS: Final = 3.0
_CHUNK_BYTES: Final = 16 * 1024
_SIZE: Final = 128
"""Pixels asked for: the largest picture of a page is 48 wide and screens may have two for each."""

_BANNER_SIZE: Final = 512
"""Pixels of width asked for: a banner is shown 240 wide."""

_FOLDERS: Final = {
    PictureKind.BOT: "avatars",
    PictureKind.BANNER: "banners",
    PictureKind.PERSON: "avatars",
    PictureKind.SERVER: "icons",
}
_OK: Final = 200
_ASKS_TO_WAIT: Final = 429
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes, and what they are by their own first bytes."""

    content: bytes
    media_type: str


class PicturesAwayError(UnavailableError):
    """Pictures cannot be fetched just now: {reason}."""

    code = "pictures_away"
    remedy = "Initials stand in for them. Nothing else depends on it."


def read_picture(content: bytes) -> Picture | None:
    """Give what the bytes show, or None when they are no PNG, JPEG, GIF or WebP."""
    starts = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
    for start, media_type in starts.items():
        if content.startswith(start):
            return Picture(content, media_type)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Picture(content, "image/webp")
    return None


class DiscordImages:
    """Asks the CDN, and stops asking for a moment when it does not answer.

    Args:
        base_url: like `https://cdn.discordapp.com`. Settings allow plain http on loopback only.
        clock: measures how long an answer takes.
    """

    def __init__(self, base_url: str, clock: Clock) -> None:
        self._base_url = base_url
        self._clock = clock
        self._breaker = Breaker(clock)

    def fetch(self, address: PictureAddress) -> Picture | None:
        """Give a picture, or None when there is none that could be shown.

        Raises:
            PicturesAwayError: no answer came, so nothing is known about the picture.
        """
        if not self._breaker.allows():
            raise PicturesAwayError(reason="the last tries failed")
        try:
            content = self._get(address)
        except PicturesAwayError:
            self._breaker.failed()
            raise
        # The body is read past requests, so urllib3's own errors come out.
        except (requests.RequestException, HTTPError) as error:
            self._breaker.failed()
            raise PicturesAwayError(reason="the connection failed") from error
        self._breaker.succeeded()
        return read_picture(content) if content else None

    def _get(self, address: PictureAddress) -> bytes | None:
        ends_at = self._clock.monotonic() + TIMEOUT_SECONDS
        url = f"{self._base_url}/{_FOLDERS[address.kind]}/{address.external_id}/{address.hash}.png"
        with requests.Session() as session:
            # Neither a proxy nor a .netrc of this machine has a say in where the web connects.
            session.trust_env = False
            headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
            with session.get(
                url,
                params={"size": _BANNER_SIZE if address.kind is PictureKind.BANNER else _SIZE},
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._read(response, ends_at) if _is_picture(response) else None

    def _read(self, response: requests.Response, ends_at: float) -> bytes | None:
        """Read the body as it comes, whatever its head says about its length; None when it is too long."""
        body = b""
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
            body += chunk
            if len(body) > MAX_BYTES:
                return None
            if self._clock.monotonic() > ends_at:
                raise PicturesAwayError(reason="the answer takes too long")
        return body


def _is_picture(response: requests.Response) -> bool:
    if response.status_code == _ASKS_TO_WAIT or response.status_code >= _SERVER_ERROR:
        raise PicturesAwayError(reason=f"the answer was status {response.status_code}")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return response.status_code == _OK and media_type in {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    }

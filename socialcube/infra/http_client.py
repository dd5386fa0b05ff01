"""One outgoing request to a host that was checked before: no redirect, no proxy, bounded in time and size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from urllib3.exceptions import HTTPError

from socialcube import USER_AGENT
from socialcube.kernel.clock import Clock, SystemClock
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret

MAX_BODY_BYTES: Final = 64 * 1024
CONNECT_SECONDS: Final = 4.0
TOTAL_SECONDS: Final = 15.0
_CHUNK_BYTES: Final = 8 * 1024


class NoAnswerError(UnavailableError):
    """{reason}."""

    code = "no_answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        body: the first 64 KiB of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class HTTPClient:
    """Posts JSON to addresses that the caller has checked.

    Args:
        clock: measures the whole answer, which may come drop by drop.
        connect_seconds: how long a connection, and each wait for more, may take.
        total_seconds: how long it all may take.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._clock = clock or SystemClock()
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds

    def post_json(self, url: Secret, body: Mapping[str, Any]) -> Answer:
        """Post once, and follow nowhere.

        Raises:
            NoAnswerError: no whole answer came in time, so nothing is known. It never names the address.
        """
        ends_at = self._clock.monotonic() + self._total_seconds
        try:
            with requests.Session() as session:
                # Neither a proxy nor a .netrc of this machine may see the address or change where it leads.
                session.trust_env = False
                with session.post(
                    url.reveal(),
                    json=body,
                    headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
                    timeout=(self._connect_seconds, self._total_seconds),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    return Answer(response.status_code, response.headers, self._read(response, ends_at))
        except requests.Timeout:
            raise NoAnswerError(reason="No answer came in time") from None
        # The error of a connection names its address, so it goes no further. Bodies are read past requests.
        except (requests.RequestException, HTTPError):
            raise NoAnswerError(reason="The connection failed") from None

    def _read(self, response: requests.Response, ends_at: float) -> bytes:
        body = b""
        while len(body) < MAX_BODY_BYTES and (
            chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False)
        ):
            body += chunk
            if self._clock.monotonic() > ends_at:
                raise NoAnswerError(reason="The answer takes too long")
        return body[:MAX_BODY_BYTES]

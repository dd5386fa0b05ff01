"""Remembers every REST call and every step of a gateway connection, for those who doubt a bot's own story."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from socialcube.kernel.clock import Clock
from socialcube.kernel.secrets import mask_text
from socialcube.sandbox.world import tokens

_KEPT: Final = 20_000
_BODY_CHARACTERS: Final = 4096


@dataclass(slots=True)
class Seen:
    """One thing that happened.

    Attributes:
        id: grows by one.
        kind: `rest`, or a gateway step: `connect`, `identify`, `resume`, `disconnect`.
        at: wall-clock time in ISO 8601.
        monotonic: seconds of the sandbox's monotonic clock.
        application_id: whose token it was, None when the token is nobody's.
        token: last four characters and a short hash of the token, empty without one.
        method: HTTP method, empty for gateway steps.
        path: path and query with secrets masked.
        route: the path's pattern, like `/channels/{channel_id}/messages`.
        status: HTTP status, or the close code of a gateway connection.
        seconds: how long the answer took.
        size: bytes of the request's body.
        shard: of a gateway step, its number and how many there are.
        body: the body's text, cut at 4,096 characters, with secrets masked.
    """

    id: int
    kind: str
    at: str
    monotonic: float
    application_id: str | None
    token: str
    method: str = ""
    path: str = ""
    route: str = ""
    status: int = 0
    seconds: float = 0.0
    size: int = 0
    shard: tuple[int, int] | None = None
    body: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give it for the control door."""
        return asdict(self)


class Witness:
    """Keeps the last 20,000 things that happened; older ones are dropped."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: deque[Seen] = deque(maxlen=_KEPT)
        self._next = 1

    def note(  # noqa: PLR0913 - one entry, every part by name
        self,
        kind: str,
        *,
        application_id: int | None,
        token: str,
        path: str,
        method: str = "",
        shard: tuple[int, int] | None = None,
    ) -> Seen:
        """Add an entry and give it, so that what is known later can be filled in."""
        entry = Seen(
            id=self._next,
            kind=kind,
            at=self._clock.now().isoformat(),
            monotonic=self._clock.monotonic(),
            application_id=None if application_id is None else str(application_id),
            token=name_of(token),
            method=method,
            path=mask_text(path),
            shard=shard,
        )
        self._next += 1
        self._seen.append(entry)
        return entry

    def note_body(self, entry: Seen, body: bytes) -> None:
        """Fill in what a REST call sent."""
        entry.size = len(body)
        entry.body = mask_text(body[:_BODY_CHARACTERS].decode(errors="replace"))

    def finish(self, entry: Seen, status: int) -> None:
        """Fill in how a REST call ended; 0 when its connection broke first."""
        entry.status = status
        entry.seconds = self._clock.monotonic() - entry.monotonic

    def list_since(self, after: int, keep: Callable[[Seen], bool], limit: int) -> list[Seen]:
        """Give the first entries after an id that `keep` wants, oldest first."""
        found: Iterable[Seen] = (entry for entry in self._seen if entry.id > after and keep(entry))
        return [entry for entry, _ in zip(found, range(limit), strict=False)]

    def clear(self) -> None:
        """Forget everything; ids go on."""
        self._seen.clear()


def name_of(token: str) -> str:
    """Name a token without showing it: `…` and its last four characters, then a short hash."""
    return f"…{token[-4:]} {tokens.fingerprint(token)}" if token else ""

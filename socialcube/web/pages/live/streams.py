"""The chips of the live page: which logs there are for somebody, and how much comes in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Actor
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import Stream
from socialcube.web.realtime.sights import Sight, find_sight, narrow
from socialcube.web.shell.choice import Choice

LABELS: Final = {
    Stream.COMMANDS: "Commands",
    Stream.BOTS: "Bot events",
    Stream.ERRORS: "Errors",
    Stream.REQUESTS: "Requests",
}
SHOWN_AT_FIRST: Final = (Stream.COMMANDS, Stream.BOTS, Stream.ERRORS)

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Chip:
    """One log that can be switched on and off.

    Attributes:
        rate: rows of the last minute, as text.
    """

    stream: Stream
    label: str
    is_on: bool
    rate: str


def list_sights(actor: Actor, choice: Choice | None) -> dict[Stream, Sight]:
    """List the logs of which somebody may see anything, narrowed to the bots that the pages show."""
    chosen = choice.bot_ids if choice else None
    found = ((stream, find_sight(actor, stream)) for stream in LABELS)
    return {stream: narrow(stream, sight, chosen) for stream, sight in found if sight is not None}


def choose(asked: Iterable[str], sights: Iterable[Stream]) -> list[Stream]:
    """Give the logs that are shown: those asked for, or the usual ones."""
    words = set(asked) or set(SHOWN_AT_FIRST)
    return [stream for stream in sights if stream in words]


def list_rates(session: Session, sights: dict[Stream, Sight], now: datetime) -> dict[Stream, str]:
    """Count the rows of the last minute, like `33/min`. Rows of no bot count for those who see any."""
    rates = {}
    for stream, sight in sights.items():
        filters = LogFilter(bot_ids=sight.bot_ids(None), after=now - _MINUTE)
        rates[stream] = f"{logs.count_up_to(session, stream, filters)}/min"
    return rates

"""`flask logs …`: what happened, live."""

import heapq
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.logs import queries
from socialcube.domain.logs.documents import FIRST_MOMENT, LAST_MOMENT, LogFilter
from socialcube.domain.logs.types import LogRow, Stream
from socialcube.infra.control_bus import Topic
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.cli.log_lines import to_json, to_line
from socialcube.web.cli.output import print_json
from socialcube.web.context import services

group: Final = PlainGroup("logs", help="See what happened: commands, bots, requests, errors.")

LOOK_SECONDS: Final = 1.0
"""How long a row may stay unseen when its hint is lost."""

_LINES: Final = 20
_PAGE: Final = 500
_DURATION: Final = re.compile(r"([0-9]{1,6})([smhd])")
# Far before the first row, so all of them are meant; more would leave the calendar.
_LONGEST: Final = timedelta(days=36_500)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@group.command("tail")
@click.option(
    "--stream",
    "streams",
    multiple=True,
    type=click.Choice([stream.value for stream in Stream]),
    help="Only this stream; may be given several times.",
)
@click.option("--bot", help="Only rows of this bot, by name or id.")
@click.option(
    "--since", help="Begin there: a duration like 10m, 2h or 3d, or a moment like 2026-05-01T12:00Z."
)
@click.option(
    "--lines",
    type=click.IntRange(0, 10_000),
    help=f"Earlier rows shown at most. Without it {_LINES}, or with --since all from there.",
)
@click.option(
    "--follow/--no-follow", default=True, show_default=True, help="Go on with new rows as they come."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def tail(  # noqa: PLR0913 - one argument for each option
    streams: tuple[str, ...],
    bot: str | None,
    since: str | None,
    lines: int | None,
    *,
    follow: bool,
    as_json: bool,
) -> None:
    """Show the latest rows, then new ones as soon as they are stored. Ctrl-C ends it."""
    shared = services().shared
    with shared.reads() as session:
        filters = LogFilter(
            bot_ids=None if bot is None else frozenset({bots.get_bot(session, bot).id}),
            after=None if since is None else _parse_since(since, shared.clock.now()),
        )
    reader = _Reader([Stream(name) for name in streams] or list(Stream), filters, as_json=as_json)
    if since is not None and lines is None:
        reader.show_all()
    else:
        reader.show_last(_LINES if lines is None else lines)
    if follow:
        _follow(reader)


def _follow(reader: "_Reader") -> None:
    hints = services().shared.bus.subscribe(Topic.LOGS_COMMITTED)
    try:
        while True:
            hints.wait(LOOK_SECONDS)
            reader.show_new()
    except KeyboardInterrupt:
        return
    finally:
        hints.close()


class _Reader:
    """Remembers how far each stream was shown. An id is shown once, in the order of commits."""

    def __init__(self, streams: list[Stream], filters: LogFilter, *, as_json: bool) -> None:
        self._seen = dict.fromkeys(streams, 0)
        self._filters = filters
        self._as_json = as_json
        self._names: dict[UUID, str] = {}

    def show_all(self) -> None:
        """Show every row that is there now, of all streams together, the oldest first, page by page."""
        with services().shared.reads() as session:
            ends = {stream: queries.latest_id(session, stream) for stream in self._seen}
            rows = (self._read_until(session, stream, end) for stream, end in ends.items())
            self._show(session, heapq.merge(*rows, key=lambda row: row.record.occurred_at))
            self._seen = ends

    def show_last(self, count: int) -> None:
        """Show the last rows of all streams together, the oldest first."""
        rows: list[LogRow] = []
        with services().shared.reads() as session:
            for stream in self._seen:
                self._seen[stream] = latest = queries.latest_id(session, stream)
                rows += queries.list_before(session, stream, latest + 1, count, self._filters)
            rows.sort(key=lambda row: row.record.occurred_at)
            self._show(session, rows[-count:] if count else [])

    def show_new(self) -> None:
        """Show what was committed since, stream by stream."""
        with services().shared.reads() as session:
            for stream in self._seen:
                while rows := self._read_page(session, stream):
                    self._show(session, rows)

    def _read_until(self, session: Session, stream: Stream, end: int) -> Iterator[LogRow]:
        while rows := self._read_page(session, stream):
            for row in rows:
                if row.id > end:
                    return
                yield row

    def _read_page(self, session: Session, stream: Stream) -> list[LogRow]:
        rows = queries.list_since(session, stream, self._seen[stream], _PAGE, self._filters)
        if rows:
            self._seen[stream] = rows[-1].id
        return rows

    def _show(self, session: Session, rows: Iterable[LogRow]) -> None:
        for row in rows:
            if self._as_json:
                print_json(to_json(row))
            else:
                click.echo(to_line(row, lambda bot_id: self._name_of(session, bot_id)))

    def _name_of(self, session: Session, bot_id: UUID | None) -> str:
        if bot_id is None:
            return ""
        if bot_id not in self._names:
            bot = bots.find_bot(session, bot_id)
            self._names[bot_id] = bot.name if bot else str(bot_id)
        return self._names[bot_id]


def _parse_since(text: str, now: datetime) -> datetime:
    # No row is older or newer than these, so a moment beyond them means the same.
    return min(max(_read_moment(text, now), FIRST_MOMENT), LAST_MOMENT)


def _read_moment(text: str, now: datetime) -> datetime:
    duration = _DURATION.fullmatch(text)
    if duration:
        return now - min(timedelta(**{_UNITS[duration[2]]: int(duration[1])}), _LONGEST)
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter("write a duration like 10m, or a moment like 2026-05-01T12:00Z") from None

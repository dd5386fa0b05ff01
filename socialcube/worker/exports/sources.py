"""Where the rows of each list come from, a page at a time, each in a read of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy.orm import Session, sessionmaker

from socialcube.domain.access.types import Scope
from socialcube.domain.audit import queries as audit
from socialcube.domain.exports.documents import ExportRequest, ListFilter
from socialcube.domain.exports.types import STREAMS, Source
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import Stream
from socialcube.worker.exports import people, small_lists
from socialcube.worker.exports.entries import list_entries

if TYPE_CHECKING:
    from socialcube.domain.audit.documents import AuditFilter

PAGE_ROWS: Final = 1000
COUNTED_ROWS: Final = 1_000_000
"""Beyond this a bar that moves exactly is not worth the counting."""

Line = Sequence[object]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list as somebody may see it.

    Attributes:
        total: how many there are about, for the bar that moves.
        pages: lines with one cell for each asked column.
    """

    total: int
    pages: Iterator[Sequence[Line]]


def open_rows(reads: sessionmaker[Session], request: ExportRequest, scope: Scope) -> Rows:
    """Open the list that is asked for. What the scope leaves out is not in it."""
    if request.source in STREAMS:
        filters = cast("LogFilter", request.to_filter()).within(scope)
        return _open_log(reads, STREAMS[request.source], filters, request.names)
    if request.source is Source.AUDIT:
        entries = cast("AuditFilter", request.to_filter()).within(scope)
        with reads() as session:
            total = audit.count_up_to(session, entries, COUNTED_ROWS)
        # It grows for a year: only the page at hand is in memory.
        return Rows(total, _pages(list_entries(reads, entries), request.names))
    filters_of_list = cast("ListFilter", request.to_filter())
    known = list(SOURCES[request.source](reads, filters_of_list.narrow(scope), filters_of_list))
    return Rows(len(known), _pages(iter(known), request.names))


def _open_log(reads: sessionmaker[Session], stream: Stream, filters: LogFilter, names: Sequence[str]) -> Rows:
    with reads() as session:
        total = logs.count_up_to(session, stream, filters, COUNTED_ROWS + 1, patience=None).number
    return Rows(total, _log_pages(reads, stream, filters, names))


def _log_pages(
    reads: sessionmaker[Session], stream: Stream, filters: LogFilter, names: Sequence[str]
) -> Iterator[Sequence[Line]]:
    place, is_first = None, True
    while is_first or place is not None:
        with reads() as session:
            page = logs.list_page(session, stream, place, PAGE_ROWS, filters, patience=None)
        yield [[getattr(row.record, name) for name in names] for row in page.rows]
        place, is_first = page.older, False


def _pages(lines: Iterator[Mapping[str, object]], names: Sequence[str]) -> Iterator[Sequence[Line]]:
    while page := [[line[name] for name in names] for line in islice(lines, PAGE_ROWS)]:
        yield page


_Lister = Callable[[sessionmaker[Session], Scope, ListFilter], Iterator[Mapping[str, object]]]


def _reading(
    lister: Callable[[Session, Scope, str], Iterator[Mapping[str, object]]],
    reads: sessionmaker[Session],
    scope: Scope,
    filters: ListFilter,
) -> Iterator[Mapping[str, Any]]:
    with reads() as session:
        yield from lister(session, scope, filters.text.strip().casefold())


SOURCES: Final[Mapping[Source, _Lister]] = {
    Source.BOTS: partial(_reading, small_lists.list_bots),
    Source.COMMANDS: partial(_reading, small_lists.list_commands),
    Source.SERVERS: partial(_reading, small_lists.list_servers),
    Source.PEOPLE: partial(_reading, people.list_people),
}
"""Who lists what is no log; entries of the audit log have filters of their own."""

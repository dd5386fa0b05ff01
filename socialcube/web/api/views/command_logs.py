"""The log of what commands did."""

from typing import Final

from socialcube.domain.access.types import Permission
from socialcube.domain.logs import queries
from socialcube.domain.logs.documents import read_place
from socialcube.domain.logs.errors import PlaceUnreadableError
from socialcube.domain.logs.types import Place, Stream
from socialcube.web import guard, identity
from socialcube.web.api.blueprint import v1
from socialcube.web.api.cursors import read_cursor, unreadable_cursor, write_cursor
from socialcube.web.api.operations import operation
from socialcube.web.api.shapes.command_logs import CommandLogPage, CommandLogsQuery
from socialcube.web.context import services

_CURSOR: Final = "command-logs"
_UNSHOWN: Final = ("trace",)


@v1.get("/command-logs")
@guard.needs(Permission.LOG_VIEW)
@operation("Logs", "List uses of commands")
def list_command_logs(query: CommandLogsQuery) -> CommandLogPage:
    """List the uses of commands on the bots whose logs this key may read, the newest first.

    A walk from page to page meets each row once, whatever comes in meanwhile. When little matches, a page
    may be short or empty and still have a `next`: the search went back so far, and goes on from there.
    """
    filters = query.filters().within(identity.scope(Permission.LOG_VIEW))
    before = None if query.cursor is None else _read_place(query.cursor)
    page = queries.list_page(
        services().session(), Stream.COMMANDS, before, query.limit, filters, without=_UNSHOWN
    )
    return CommandLogPage.of(page, None if page.older is None else write_cursor(_CURSOR, page.older))


def _read_place(cursor: str) -> Place:
    try:
        return read_place(read_cursor(_CURSOR, cursor))
    except PlaceUnreadableError:
        raise unreadable_cursor() from None

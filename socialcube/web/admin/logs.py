"""What all log lists share: the newest first, filters that are a `LogFilter`, ways to other rows."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from flask import jsonify, redirect, url_for
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from pydantic import ValidationError
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from socialcube.domain.access.types import Scope
from socialcube.domain.exports import service as exports
from socialcube.domain.logs import queries
from socialcube.domain.logs.documents import LogFilter, read_place
from socialcube.domain.logs.errors import PlaceUnreadableError
from socialcube.domain.logs.types import Stream
from socialcube.web import identity
from socialcube.web.admin.lists.chips import first_page
from socialcube.web.admin.lists.filters import MomentFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty, Page
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.paths import wants_json
from socialcube.web.shell.choice import shown


class LogView(SecureView):
    """The rows of one stream, read only.

    Attributes:
        stream: whose rows.
        fields: the field of `LogFilter` behind each of the view's filters, in their order.
    """

    stream: ClassVar[Stream]
    fields: ClassVar[tuple[str, ...]]
    nav = "logs"
    follows_choice = True
    sortable: ClassVar[Mapping[str, Any]] = {}
    words_for_paging = ("Newer", "Older")
    column_wide: ClassVar[frozenset[str]] = frozenset()
    table_class = "log-list"
    cells_template = "admin/cells/logs.html"
    list_template = "admin/logs/list.html"
    details_template = "admin/logs/details.html"
    export_template = "admin/parts/export_job.html"
    search_words = "Part of what it says"

    def __init__(self, endpoint: str, name: str) -> None:
        moments = (
            MomentFilter("From", "after", lambda moment: self.table.occurred_at >= moment),
            MomentFilter("Until", "before", lambda moment: self.table.occurred_at < moment),
        )
        self.column_filters = (*self.own_filters(), *moments)
        for field, each in zip(self._field_names(), self.column_filters, strict=True):
            each.takes = partial(_takes, field)
        super().__init__(endpoint, name, f"logs/{self.stream}")

    def own_filters(self) -> tuple[Any, ...]:
        """Give the filters that only this stream has, in the order of `fields`."""
        return ()

    def init_search(self) -> bool:
        """Every stream can be searched; the query knows where."""
        return True

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope; rows of no bot are for those who see every bot."""
        return within_bots(self.table.bot_id, scope)

    def scope(self) -> Scope:
        """Give the bots whose rows the person may see."""
        return identity.scope(self.needs.view)

    def read_filter(self, state: ViewArgs) -> LogFilter:
        """Give what the address asks for, within what the person may see and chose to."""
        values: dict[str, Any] = {"text": state.search}
        names = self._field_names()
        for index, _, value in state.filters or ():
            values |= _field_of(names[index], (self._filters or [])[index].clean(value))
        scope = self.scope()
        return LogFilter(**values).within(shown(scope) if self.follows_choice else scope)

    def load_page(self, state: ViewArgs) -> Page:
        """Read a page by its place in time: the ten thousandth costs what the first one costs."""
        session, filters, size = services().session(), self.read_filter(state), state.page_size
        before, after = state.extra_args.get("before"), state.extra_args.get("after")
        if after:
            page = queries.list_newer(session, self.stream, read_place(after), size, filters)
        else:
            page = queries.list_page(
                session, self.stream, read_place(before) if before else None, size, filters
            )
        is_first = not before and (not after or len(page.rows) < size)
        back = None if is_first or page.newer is None else self._url_at(state, after=str(page.newer))
        on = self._url_at(state, before=str(page.older)) if page.older else None
        return Page(list(page.rows), self._count_words(filters), back, on)

    def is_cursor(self, text: str) -> bool:
        """Tell whether a text names a place in time."""
        with suppress(PlaceUnreadableError):
            read_place(text)
            return True
        return False

    def title_of(self, row: Any) -> str:
        """Name a row by its number: it has no other name."""
        return f"{self.noun} {row.id}"

    def object_url(self, row: Any) -> str | None:
        """Lead to the page of the run or the event."""
        return url_for("runs.show", run_id=_record(row).event_id, log=self.stream.value)

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Lead to the run and to all columns."""
        columns = MenuItem("All columns", "columns", self.url_of("details_view", id=row.id))
        return [MenuItem("Open", "live", str(self.object_url(row))), columns]

    def empty(self) -> Empty:
        """Say where rows come from."""
        return Empty(f"No {self.noun} yet", "Rows appear here as soon as something happens.")

    @expose("/export/", methods=("POST",))
    def export(self) -> Response:
        """Ask for the rows that the address describes as a file, which a worker writes."""
        limits.politely(limits.FILES)
        state = self.read_state()
        filters = self.read_filter(state).model_dump(mode="json", exclude_none=True)
        with services().unit_of_work() as uow:
            job_id = exports.ask_export(uow, identity.actor(), f"logs.{self.stream}", filters=filters)
            uow.commit()
        url = url_for("export_jobs.show", job_id=job_id)
        if wants_json():
            return jsonify(url=url)
        return redirect(url, 303)

    def _field_names(self) -> tuple[str, ...]:
        return (*self.fields, "after", "before")

    def _get_field_value(self, model: Any, name: str) -> Any:
        return getattr(_record(model), name)

    def _url_at(self, state: ViewArgs, **place: str) -> str:
        state = first_page(state)
        return self.list_url(state.clone(extra_args=state.extra_args | place))

    def _count_words(self, filters: LogFilter) -> str:
        return str(queries.count_up_to(services().session(), self.stream, filters))


def _field_of(name: str, value: Any) -> dict[str, Any]:
    return {name: [value] if name == "bot_ids" else value}


def _takes(name: str, value: Any) -> bool:
    """Tell whether a log can be filtered by a value; one that it cannot hold filters nothing."""
    try:
        LogFilter(**_field_of(name, value))
    except ValidationError:
        return False
    return True


def _record(row: Any) -> Any:
    return getattr(row, "record", row)

"""What the address of a list says: search, filters, sorting, columns and the page, each by name."""

from typing import Any, Final

from flask import request
from flask_admin.model.base import ViewArgs

from socialcube.web.admin.lists.filters import MAX_LENGTH, PanelFilter

MAX_PAGE: Final = 10_000
_KEPT: Final = ("before", "after")


class ListState:
    """Mixin: reads and writes the addresses of a list. What they name and the list has not is ignored."""

    endpoint: str
    _filters: list[PanelFilter] | None
    _list_columns: list[tuple[str, str]]
    _sortable_columns: dict[str, Any]

    # Saved addresses must survive a new filter or a new column.
    named_filter_urls = True
    page_size = 50
    page_size_options = (20, 50, 100)
    can_set_page_size = True

    def is_valid_filter(self, candidate: object) -> bool:
        """Take filters of ours only: the stock ones may raise on what people type."""
        return isinstance(candidate, PanelFilter)

    def handle_filter(self, candidate: PanelFilter) -> PanelFilter:
        """Give the filter as it is; it knows its own condition."""
        return candidate

    def read_state(self) -> ViewArgs:
        """Read the address of the request at hand."""
        asked = request.args
        sort = asked.get("sort", "")
        search = asked.get("search", "").replace("\x00", "").strip()[:MAX_LENGTH]
        return ViewArgs(
            page=min(max(asked.get("page", 0, type=int), 0), MAX_PAGE),
            page_size=self.get_safe_page_size(asked.get("page_size", 0, type=int)),  # type: ignore[attr-defined]
            sort=sort if sort in self._sortable_columns else None,
            sort_desc=int(asked.get("desc") == "1"),
            search=search or None,
            filters=self._get_list_filter_args(),  # type: ignore[attr-defined]
            extra_args=self._read_extras(),
        )

    def write_state(self, state: ViewArgs) -> dict[str, Any]:
        """Give the arguments that make an address say the same again."""
        size = None if state.page_size == self.page_size else state.page_size
        found: dict[str, Any] = {
            "search": state.search,
            "sort": state.sort,
            "desc": 1 if state.sort_desc else None,
            "page": state.page or None,
            "page_size": size,
            **state.extra_args,
            **self._get_filters(state.filters),  # type: ignore[attr-defined]
        }
        return {name: value for name, value in found.items() if value is not None}

    def visible_columns(self, state: ViewArgs) -> list[tuple[str, str]]:
        """Give the columns to draw: those named in the address, else those of the view. The first stays."""
        chosen = state.extra_args.get("columns", "").split(",")
        asked = [column for column in self._list_columns[1:] if column[0] in chosen]
        return [self._list_columns[0], *asked] if asked else self._list_columns

    def is_cursor(self, text: str) -> bool:  # noqa: ARG002 - lists with page numbers have none
        """Tell whether a text names a place between two pages of this list."""
        return False

    def _read_extras(self) -> dict[str, str]:
        known = [name for name, _ in self._list_columns]
        chosen = ",".join(request.args.getlist("columns")).split(",")
        columns = [name for name in known if name in chosen]
        extras = {"columns": ",".join(columns)} if columns else {}
        for name in _KEPT:
            cursor = request.args.get(name, "")
            if cursor and self.is_cursor(cursor):
                extras[name] = cursor
        return extras

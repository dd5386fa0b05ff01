"""The list view: one query for the rows, one for a count that never goes beyond ten thousand."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, ClassVar, Final

from flask import url_for
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from sqlalchemy import String, func, inspect, or_, select
from sqlalchemy.orm import Query

from socialcube.domain.bots.queries import EVERY_BOT
from socialcube.web.admin.lists.chips import ChipMaker, first_page
from socialcube.web.admin.lists.menu import MenuItem, row_menu
from socialcube.web.admin.lists.state import ListState
from socialcube.web.extensions import db
from socialcube.web.shell.choice import find_choice

COUNT_LIMIT: Final = 10_001
"""Counting on would read the whole table to say a number that nobody uses."""

DASH: Final = "—"


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says when it has no rows at all.

    Attributes:
        title: what belongs here.
        help: how it gets here.
        href, action: the one button, empty when the person cannot do it.
    """

    title: str
    help: str
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and the ways to its neighbours.

    Attributes:
        count: how many rows there are in all, in words like `10,000+`.
        back_url, on_url: the pages before and after, None where there is none.
    """

    rows: list[Any]
    count: str
    back_url: str | None
    on_url: str | None


class ListViews(ListState):
    """Mixin: the list of a view and what is drawn in it.

    Attributes:
        sortable: the columns that may be sorted by, each with what it is sorted by.
        default_sort: the column of a list that nobody sorted, and whether it is turned round.
        searched: what a search looks into; every word has to be in one of them.
        search_words: what that is, for people.
        column_state: the column that stands beside the name on a phone.
        column_end: columns of numbers, which stand at the end of their cell.
        column_wide: columns that leave the table when it is narrow.
        follows_choice: whether only rows of the bots chosen above the sidebar are shown.
    """

    sortable: ClassVar[Mapping[str, Any]]
    default_sort: ClassVar[tuple[str, bool]] = ("name", False)
    searched: ClassVar[tuple[Any, ...]] = ()
    search_words: ClassVar[str] = "Search"
    column_state: ClassVar[str] = ""
    table_class: ClassVar[str] = ""
    export_template: ClassVar[str] = "admin/parts/export_list.html"
    toolbar_template: ClassVar[str] = ""
    list_template = "admin/model/list.html"
    cells_template: ClassVar[str] = "admin/cells/plain.html"
    words_for_paging: ClassVar[tuple[str, str]] = ("Previous", "Next")
    column_type_formatters: ClassVar[dict[type, Any]] = {
        NoneType: lambda _view, _value, _name: DASH,
        bool: lambda _view, value, _name: "Yes" if value else "No",
        list: lambda _view, value, _name: ", ".join(map(str, value)),
    }
    column_end: ClassVar[frozenset[str]] = frozenset()
    column_wide: ClassVar[frozenset[str]] = frozenset()
    follows_choice: ClassVar[bool] = False

    @expose("/")
    def index_view(self) -> str:
        """Show the list that the address describes."""
        state = self.read_state()
        page = self.load_page(state)
        return str(
            self.render(  # type: ignore[attr-defined]
                self.list_template,
                state=state,
                page=page,
                title=self.name,  # type: ignore[attr-defined]
                columns=self.visible_columns(state),
                chips=self._chips(state),
                is_narrowed=bool(state.search or state.filters),
                actions=self.list_actions(),  # type: ignore[attr-defined]
                empty=self.empty(),
                cells_template=self.cells_template,
            )
        )

    def get_sortable_columns(self) -> dict[str, Any]:
        """Give the declared columns; scaffolding would sort by any."""
        return dict(self.sortable)

    def init_search(self) -> bool:
        """Tell whether there is something to search."""
        return bool(self.searched)

    def load_page(self, state: ViewArgs) -> Page:
        """Read the rows of a page."""
        size = state.page_size
        query = self.narrow(self.get_query(), state)  # type: ignore[attr-defined]
        ordered = self._order(query, state)
        rows = ordered.limit(size + 1).offset(state.page * size).all()
        back = self.list_url(state.clone(page=state.page - 1)) if state.page else None
        on = self.list_url(state.clone(page=state.page + 1)) if len(rows) > size else None
        return Page(self.prepare(rows[:size]), self._count(query), back, on)

    def narrow(self, query: Query[Any], state: ViewArgs) -> Query[Any]:
        """Add what the person searched and filtered for, and the bots that the pages show."""
        if self.follows_choice and (choice := find_choice()):
            query = query.filter(self.within(choice.within(EVERY_BOT)))  # type: ignore[attr-defined]
        for term in (state.search or "").split() if self.searched else ():
            query = query.filter(or_(*(column.icontains(term, autoescape=True) for column in self.searched)))
        for index, _, value in state.filters or ():
            found = (self._filters or [])[index]
            query = found.apply(query, found.clean(value))
        return query

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Give rows as the cells want them; a view adds here what it reads for all of them at once."""
        return rows

    def empty(self) -> Empty:
        """Say what belongs into an empty list."""
        return Empty(f"No {self.noun} yet", "")  # type: ignore[attr-defined]

    def object_url(self, row: Any) -> str | None:
        """Give where the name of a row leads; generated details are the least that a row has."""
        if self.column_details_list is None:  # type: ignore[attr-defined]
            return None
        return str(self.url_of("details_view", id=self.get_pk_value(row)))  # type: ignore[attr-defined]

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Give what can be done with a row by the person at hand."""
        return row_menu(self, row)

    def head_actions(self) -> list[MenuItem]:
        """Give the page's main action, if the person may do it."""
        if not self.can_create:  # type: ignore[attr-defined]
            return []
        return [MenuItem(f"New {self.noun}", "plus", self.url_of("create_view"))]  # type: ignore[attr-defined]

    def list_url(self, state: ViewArgs) -> str:
        """Give the address of a state."""
        return url_for(f"{self.endpoint}.index_view", **self.write_state(state))

    def sort_url(self, state: ViewArgs, column: str) -> str:
        """Give the address that sorts by a column, the other way round when it does already."""
        turned = int(state.sort == column and not state.sort_desc)
        return self.list_url(first_page(state, sort=column, sort_desc=turned))

    def clear_url(self, state: ViewArgs) -> str:
        """Give the address of all rows, sorted and drawn as now."""
        return self.list_url(first_page(state, search=None, filters=[]))

    def size_url(self, state: ViewArgs, size: int) -> str:
        """Give the address with pages of another size."""
        return self.list_url(first_page(state, page_size=size))

    def hidden_for(self, state: ViewArgs, *without: str) -> list[tuple[str, Any]]:
        """Give what a form must send along so that only its own part of the address changes."""
        arguments = self.write_state(first_page(state))
        return [(name, value) for name, value in arguments.items() if name not in without]

    def _chips(self, state: ViewArgs) -> list[Any]:
        maker = ChipMaker(self.list_url, self.write_state, self.get_filter_arg)  # type: ignore[attr-defined]
        return [maker.make(index, found, state) for index, found in enumerate(self._filters or [])]

    def _order(self, query: Query[Any], state: ViewArgs) -> Query[Any]:
        name, is_turned = (state.sort, state.sort_desc) if state.sort else self.default_sort
        column = _sort_key(self.sortable[name])
        order = (column.desc() if is_turned else column.asc()).nulls_last()
        # Rows that are equal in that column must not change places between two pages.
        return query.order_by(order, *inspect(self.model).primary_key)  # type: ignore[attr-defined]

    def _count(self, query: Query[Any]) -> str:
        keys = query.with_entities(*inspect(self.model).primary_key)  # type: ignore[attr-defined]
        few = keys.order_by(None).limit(COUNT_LIMIT).subquery()
        count = db.session.scalar(select(func.count()).select_from(few)) or 0
        return f"{COUNT_LIMIT - 1:,}+" if count >= COUNT_LIMIT else f"{count:,}"


def _sort_key(column: Any) -> Any:
    """Give what a column is sorted by: SQLite, unlike people, puts every capital before all small letters."""
    return func.lower(column) if isinstance(column.type, String) else column

"""Who changed what."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask_admin.model.base import ViewArgs
from sqlalchemy import ColumnElement

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.audit.models import AuditLog
from socialcube.web.admin.lists.chips import first_page
from socialcube.web.admin.lists.filters import MomentFilter, TextFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty, Page
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import on_site
from socialcube.web.admin.secure import SecureView

_MAX_DIGITS: Final = 18


class AuditLogsView(SecureView):
    """Every change and every refusal, in the order of their commits."""

    table = AuditLog
    needs = Needs(view=Permission.SITE_ADMIN, export=Permission.SITE_ADMIN)
    nav = "logs"
    noun = "change"

    column_list = ("occurred_at", "action", "actor", "subject_kind", "subject_id", "bot_id", "address")
    column_details_list = ("event_id", *column_list, "request_id", "before", "after")
    column_labels: ClassVar[dict[str, str]] = {
        "occurred_at": "Time",
        "actor": "Who",
        "subject_kind": "What",
        "subject_id": "Its id",
        "bot_id": "Bot",
    }
    column_wide = frozenset({"subject_id", "bot_id", "address"})
    column_state = "action"
    cells_template = "admin/cells/logs.html"
    list_template = "admin/logs/list.html"
    details_template = "admin/logs/details.html"
    words_for_paging = ("Newer", "Older")
    table_class = "log-list"
    sortable: ClassVar[Mapping[str, Any]] = {"occurred_at": AuditLog.id}
    default_sort = ("occurred_at", True)
    searched = (AuditLog.actor, AuditLog.action, AuditLog.subject_id, AuditLog.request_id)
    search_words = "Who, action, id or request"

    def __init__(self) -> None:
        self.column_filters = (
            TextFilter("Action", lambda text: AuditLog.action.icontains(text, autoescape=True)),
            TextFilter("Who", lambda text: AuditLog.actor.icontains(text, autoescape=True)),
            MomentFilter("From", "after", lambda moment: AuditLog.occurred_at >= moment),
            MomentFilter("Until", "before", lambda moment: AuditLog.occurred_at < moment),
        )
        super().__init__("audit_logs", "Audit", "logs/audit")

    def get_sortable_columns(self) -> dict[str, Any]:
        """Let nobody sort: the order is that of the commits, and pages go on from an id."""
        return {}

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Show all or nothing: it belongs to the site."""
        return on_site(scope)

    def is_cursor(self, text: str) -> bool:
        """Tell whether a text is an id."""
        return text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS

    def load_page(self, state: ViewArgs) -> Page:
        """Read a page by the id where the last one ended."""
        query, size = self.narrow(self.get_query(), state), state.page_size
        before, after = state.extra_args.get("before"), state.extra_args.get("after")
        if after:
            found = query.filter(AuditLog.id > int(after)).order_by(AuditLog.id).limit(size + 1).all()
            rows, is_more_newer, is_more_older = found[:size][::-1], len(found) > size, True
        else:
            older = query.filter(AuditLog.id < int(before)) if before else query
            found = older.order_by(AuditLog.id.desc()).limit(size + 1).all()
            rows, is_more_newer, is_more_older = found[:size], bool(before), len(found) > size
        back = self._url_at(state, after=str(rows[0].id)) if rows and is_more_newer else None
        on = self._url_at(state, before=str(rows[-1].id)) if rows and is_more_older else None
        return Page(rows, self._count(query), back, on)

    def title_of(self, row: Any) -> str:
        """Name a change by what was done."""
        return f"{row.action} ({row.id})"

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Lead to all that was noted."""
        return [MenuItem("Open", "eye", str(self.object_url(row)))]

    def empty(self) -> Empty:
        """Say what stands here."""
        return Empty("Nothing was changed yet", "Every change and every refusal is noted here.")

    def _url_at(self, state: ViewArgs, **place: str) -> str:
        state = first_page(state)
        return self.list_url(state.clone(extra_args=state.extra_args | place))

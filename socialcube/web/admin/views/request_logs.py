"""Every request to this panel."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.logs.models import RequestLog
from socialcube.domain.logs.types import Stream
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.logs import LogView
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import on_site


class RequestLogsView(LogView):
    """Who asked for which page, and what the answer was. It belongs to no bot."""

    table = RequestLog
    stream = Stream.REQUESTS
    needs = Needs(view=Permission.SYSTEM_VIEW, export=Permission.SYSTEM_VIEW)
    noun = "request"
    follows_choice = False
    fields = ("min_status",)

    column_list = ("occurred_at", "status", "method", "path", "user", "duration_ms")
    column_details_list = ("event_id", *column_list, "request_id", "address", "agent")
    column_labels: ClassVar[dict[str, str]] = {"occurred_at": "Time", "duration_ms": "ms", "user": "Person"}
    column_end = frozenset({"duration_ms"})
    column_wide = frozenset({"user", "method"})
    column_state = "status"

    def __init__(self) -> None:
        super().__init__("request_logs", "Requests")

    def own_filters(self) -> tuple[Any, ...]:
        """Filter by how bad the answer was."""
        choices = (("400", "Refused or failed"), ("500", "Failed on our side"))
        return (ChoiceFilter("Answer", choices, lambda least: RequestLog.status >= int(least)),)

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Show all or nothing: requests belong to the site."""
        return on_site(scope)

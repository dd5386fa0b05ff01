"""Every failure that somebody should look at."""

from typing import Any, ClassVar

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.models import ErrorLog
from socialcube.domain.logs.types import Stream
from socialcube.web.admin.lists.filters import TextFilter
from socialcube.web.admin.logs import LogView
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.views.choices import bot_filter


class ErrorLogsView(LogView):
    """Failures of bots, commands and of the panel itself."""

    table = ErrorLog
    stream = Stream.ERRORS
    needs = Needs(view=Permission.LOG_VIEW, export=Permission.LOG_EXPORT)
    noun = "error"
    fields = ("bot_ids", "code")

    column_list = ("occurred_at", "code", "message", "bot_id", "source", "place")
    column_details_list = ("event_id", *column_list, "trace_id", "fingerprint", "detail")
    column_labels: ClassVar[dict[str, str]] = {"occurred_at": "Time", "bot_id": "Bot"}
    column_wide = frozenset({"source", "place", "bot_id"})
    column_state = "code"

    def __init__(self) -> None:
        super().__init__("error_logs", "Errors")

    def own_filters(self) -> tuple[Any, ...]:
        """Filter by bot and code."""
        return (
            bot_filter(ErrorLog.bot_id, Permission.LOG_VIEW, follows_choice=True),
            TextFilter("Code", lambda code: ErrorLog.code == code),
        )

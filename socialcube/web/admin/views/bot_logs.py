"""Everything that happened to bots."""

from typing import Any, ClassVar

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.models import BotLog
from socialcube.domain.logs.types import Stream
from socialcube.web.admin.lists.filters import ChoiceFilter, TextFilter
from socialcube.web.admin.logs import LogView
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.views.choices import bot_filter
from socialcube.web.admin.views.log_choices import LEVELS


class BotLogsView(LogView):
    """Connections, servers joined and left, synchronisations, warnings."""

    table = BotLog
    stream = Stream.BOTS
    needs = Needs(view=Permission.LOG_VIEW, export=Permission.LOG_EXPORT)
    noun = "event"
    fields = ("bot_ids", "level", "kind")

    column_list = ("occurred_at", "level", "bot_id", "kind", "message")
    column_details_list = ("event_id", *column_list, "runner_id", "data")
    column_labels: ClassVar[dict[str, str]] = {"occurred_at": "Time", "bot_id": "Bot"}
    column_wide = frozenset({"kind", "bot_id"})
    column_state = "level"

    def __init__(self) -> None:
        super().__init__("bot_logs", "Bot events")

    def own_filters(self) -> tuple[Any, ...]:
        """Filter by bot, level and kind."""
        return (
            bot_filter(BotLog.bot_id, Permission.LOG_VIEW, follows_choice=True),
            ChoiceFilter("Level", LEVELS, lambda level: BotLog.level == level),
            TextFilter("Kind", lambda kind: BotLog.kind == kind),
        )

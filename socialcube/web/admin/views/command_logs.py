"""Every run of a command."""

from typing import Any, ClassVar

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.models import CommandLog
from socialcube.domain.logs.types import Outcome, Stream
from socialcube.web.admin.lists.filters import ChoiceFilter, TextFilter
from socialcube.web.admin.logs import LogView
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.views.choices import bot_filter
from socialcube.web.admin.views.log_choices import OUTCOMES


class CommandLogsView(LogView):
    """Who used which command where, and how it went."""

    table = CommandLog
    stream = Stream.COMMANDS
    needs = Needs(view=Permission.LOG_VIEW, export=Permission.LOG_EXPORT)
    noun = "run"
    fields = ("bot_ids", "outcome", "command")

    column_list = (
        "occurred_at",
        "command_name",
        "outcome",
        "bot_id",
        "guild_name",
        "user_name",
        "error_message",
        "duration_ms",
    )
    column_details_list = (
        "event_id",
        *column_list,
        "error_code",
        "node_path",
        "version",
        "guild_id",
        "channel_id",
        "user_id",
        "first_response_ms",
        "deferred",
        "options",
        "trace",
    )
    column_labels: ClassVar[dict[str, str]] = {
        "occurred_at": "Time",
        "command_name": "Command",
        "bot_id": "Bot",
        "guild_name": "Server",
        "user_name": "Person",
        "error_message": "Problem",
        "duration_ms": "ms",
    }
    column_end = frozenset({"duration_ms"})
    column_wide = frozenset({"guild_name", "user_name", "error_message", "bot_id"})
    column_state = "outcome"

    def __init__(self) -> None:
        super().__init__("command_logs", "Command runs")

    def own_filters(self) -> tuple[Any, ...]:
        """Filter by bot, outcome and command."""
        return (
            bot_filter(CommandLog.bot_id, Permission.LOG_VIEW, follows_choice=True),
            ChoiceFilter("Outcome", OUTCOMES, lambda value: CommandLog.outcome == Outcome(value)),
            TextFilter("Command", lambda name: CommandLog.command_name == name),
        )

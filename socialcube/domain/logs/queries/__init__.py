"""Reads of the streams and of their figures. Never by offset: page ten thousand costs what page one does."""

from socialcube.domain.logs.queries.counting import count_up_to
from socialcube.domain.logs.queries.figures import (
    count_bot_errors,
    list_bot_runs,
    list_command_figures,
    list_figures,
    list_fold_lags,
    list_late_commands,
    sum_bot_figures,
    sum_figures,
)
from socialcube.domain.logs.queries.following import latest_id, list_before, list_since
from socialcube.domain.logs.queries.pages import list_newer, list_page
from socialcube.domain.logs.queries.single import find_row, find_run

__all__ = [
    "count_bot_errors",
    "count_up_to",
    "find_row",
    "find_run",
    "latest_id",
    "list_before",
    "list_bot_runs",
    "list_command_figures",
    "list_figures",
    "list_fold_lags",
    "list_late_commands",
    "list_newer",
    "list_page",
    "list_since",
    "sum_bot_figures",
    "sum_figures",
]

"""Tables of the streams and of what their rows come to."""

from socialcube.domain.logs.models.figures import COMMAND_HOURS, COUNTS, FIGURES, FoldCursor
from socialcube.domain.logs.models.streams import IDS, TABLES, BotLog, CommandLog, ErrorLog, RequestLog

__all__ = [
    "COMMAND_HOURS",
    "COUNTS",
    "FIGURES",
    "IDS",
    "TABLES",
    "BotLog",
    "CommandLog",
    "ErrorLog",
    "FoldCursor",
    "RequestLog",
]

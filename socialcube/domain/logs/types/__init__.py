"""Words about logs: the streams, what one row of each says, and what many rows come to."""

from socialcube.domain.logs.types.figures import BUCKETS_MS, NO_BOT, Figures, FoldLag, Grain, percentile
from socialcube.domain.logs.types.places import Counted, Page, Place, RunView
from socialcube.domain.logs.types.records import (
    RECORD_TYPES,
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    ErrorSource,
    Level,
    LogRecord,
    LogRow,
    Outcome,
    RequestLogRecord,
    Stream,
)

__all__ = [
    "BUCKETS_MS",
    "NO_BOT",
    "RECORD_TYPES",
    "BotLogRecord",
    "CommandLogRecord",
    "Counted",
    "ErrorLogRecord",
    "ErrorSource",
    "Figures",
    "FoldLag",
    "Grain",
    "Level",
    "LogRecord",
    "LogRow",
    "Outcome",
    "Page",
    "Place",
    "RequestLogRecord",
    "RunView",
    "Stream",
    "percentile",
]

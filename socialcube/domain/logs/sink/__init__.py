"""From a record to a committed row: queue, redact, journal, batch, commit, hint."""

from socialcube.domain.logs.ports import LogSink, NullSink, StreamNotifier
from socialcube.domain.logs.sink.database import DatabaseLogSink
from socialcube.domain.logs.sink.limits import Limits

__all__ = ["DatabaseLogSink", "Limits", "LogSink", "NullSink", "StreamNotifier"]

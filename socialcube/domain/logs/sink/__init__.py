"""From a record to a committed row: redact, queue, journal, batch, commit, hint."""

from socialcube.domain.logs.ports import LogSink, NullSink

__all__ = ["LogSink", "NullSink"]

"""What makers of logs need, and whom the sink tells."""

from typing import Protocol

from socialcube.domain.logs.types import LogRecord, Stream


class LogSink(Protocol):
    """Takes log records and stores them soon."""

    def put(self, record: LogRecord) -> None:
        """Take one record: in microseconds, from any thread, without ever raising or waiting.

        The record's dicts and lists belong to the sink from here on. Secrets may still be inside: the
        sink redacts. When there is no room left the record is counted as dropped, and the count is logged.
        """
        ...


class StreamNotifier(Protocol):
    """Hears that rows were committed. It may lose the news, so readers also look by themselves."""

    def __call__(self, stream: Stream, highest_id: int, /) -> None:
        """Say that every row of the stream up to this id can be read."""
        ...


class NullSink:
    """Keeps nothing, for tools whose runs nobody looks up."""

    def put(self, record: LogRecord) -> None:
        """Drop the record."""

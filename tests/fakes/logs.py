"""A log sink that keeps what it takes."""

from typing import TypeVar

from socialcube.domain.logs.types import LogRecord

Record = TypeVar("Record", bound=LogRecord)


class FakeSink:
    """Takes records into a list.

    Attributes:
        records: all of them, in order.
    """

    def __init__(self) -> None:
        self.records: list[LogRecord] = []

    def put(self, record: LogRecord) -> None:
        self.records.append(record)

    def of(self, kind: type[Record]) -> list[Record]:
        """Give the records of one stream."""
        return [record for record in self.records if isinstance(record, kind)]

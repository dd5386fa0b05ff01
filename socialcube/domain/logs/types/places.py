"""Where a reader is in a stream, and what it gets there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from socialcube.domain.logs.types.records import LogRow


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point between two rows of a list that goes by time.

    Attributes:
        occurred_at: the moment of the row that the point follows.
        id: the id of that row, which decides between rows of one moment.
    """

    occurred_at: datetime
    id: int

    @classmethod
    def of(cls, row: LogRow) -> Self:
        """Make the place of a row."""
        return cls(row.record.occurred_at, row.id)

    def __str__(self) -> str:
        return f"{self.occurred_at.isoformat()}_{self.id}".replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, the newest first.

    Attributes:
        rows: what was found.
        older: go on before this; None when nothing older matches. A page that is not full and has an
            `older` stopped looking there, because little matched for long.
        newer: go on after this; None on an empty page.
    """

    rows: tuple[LogRow, ...]
    older: Place | None
    newer: Place | None

    @property
    def is_partial(self) -> bool:
        """Tell whether the search stopped before the page was full."""
        return self.older is not None and (not self.rows or self.older < Place.of(self.rows[-1]))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows match.

    Attributes:
        number: rows counted.
        is_exact: whether these are all. Otherwise there are at least so many.
    """

    number: int
    is_exact: bool

    def __str__(self) -> str:
        return f"{self.number:,}" if self.is_exact else f"{self.number:,}+"


@dataclass(frozen=True, slots=True)
class RunView:
    """One use of a command, with what else is known of it.

    Attributes:
        run: its row.
        error: the error row that it left, if any.
        events: what happened to its bot around that time, oldest first.
    """

    run: LogRow
    error: LogRow | None
    events: tuple[LogRow, ...]

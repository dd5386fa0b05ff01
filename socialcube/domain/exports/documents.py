"""What is asked, as it stands in a job."""

from typing import Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from socialcube.domain.access.types import Scope
from socialcube.domain.audit.documents import AuditFilter
from socialcube.domain.exports.errors import ExportInvalidError
from socialcube.domain.exports.types import COLUMNS, STREAMS, Source
from socialcube.domain.logs.documents import LogFilter

_STRICT: Final = ConfigDict(frozen=True, extra="forbid")


class ListFilter(BaseModel):
    """Which rows of a list that is no log.

    Attributes:
        text: a part of what the row says to people, in any case of letters.
        bot_ids: rows of these bots only.
    """

    model_config = _STRICT

    text: str = Field(default="", max_length=200)
    bot_ids: frozenset[UUID] | None = None

    def narrow(self, scope: Scope) -> Scope:
        """Give the part of a scope that the filter asks for."""
        if self.bot_ids is None:
            return scope
        return Scope(is_all=False, bot_ids=frozenset(filter(scope.allows, self.bot_ids)))


class ExportRequest(BaseModel):
    """A list that somebody wants as a file.

    Attributes:
        filters: fields of `LogFilter` for a log, of `AuditFilter` for the audit log, of `ListFilter` for any
            other list.
        columns: names of columns in their order, empty for all.
        with_mark: whether the file begins with a byte order mark, without which Excel takes UTF-8 for
            something else.
    """

    model_config = _STRICT

    source: Source
    filters: dict[str, Any] = {}
    columns: tuple[str, ...] = ()
    with_mark: bool = True

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        unknown = set(self.columns) - set(COLUMNS[self.source])
        if unknown:
            raise ValueError(f"there is no column {', '.join(sorted(unknown))}")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column is named twice")
        self.to_filter()
        return self

    def to_filter(self) -> LogFilter | AuditFilter | ListFilter:
        """Give the filter in the shape of the list."""
        if self.source is Source.AUDIT:
            return AuditFilter.model_validate(self.filters)
        return (LogFilter if self.source in STREAMS else ListFilter).model_validate(self.filters)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the columns of the file."""
        return self.columns or COLUMNS[self.source]


def read_request(payload: dict[str, Any]) -> ExportRequest:
    """Read what was asked.

    Raises:
        ExportInvalidError: the list, a filter or a column is not known, or has a wrong shape.
    """
    try:
        return ExportRequest.model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise ExportInvalidError(reason=f"{place}: {reason}" if place else reason) from error

"""What several shapes share: ids of the platform as text, moments in UTC, pages of lists."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from socialcube.domain.logs.documents import FIRST_MOMENT, LAST_MOMENT
from socialcube.web.api.cursors import MAX_LENGTH

MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50

Snowflake = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,20}$", coerce_numbers_to_str=True, examples=["1189273645028374610"]),
]
"""An id of the platform. It has 64 bits, which JavaScript and spreadsheets would round."""

Moment = Annotated[
    AwareDatetime,
    Field(ge=FIRST_MOMENT, le=LAST_MOMENT, examples=["2026-03-14T15:09:26Z"]),
    AfterValidator(lambda moment: moment.astimezone(UTC)),
]
"""A moment that is sent, with its offset (RFC 3339)."""


def utc(moment: datetime | None) -> datetime | None:
    """Give a moment in UTC, as every answer has them."""
    return None if moment is None else moment.astimezone(UTC)


class Shape(BaseModel):
    """Base of what is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Query(BaseModel):
    """Base of what is asked with: a parameter that does not exist is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageQuery(Query):
    """Which part of a list."""

    limit: int = Field(default=DEFAULT_PAGE, ge=1, le=MAX_PAGE, description="How many at most.")
    cursor: str | None = Field(
        default=None,
        max_length=MAX_LENGTH,
        description="Go on where a page ended: the value of its `next`. The other parameters stay.",
    )


Next = Annotated[
    str | None,
    Field(description="Give it back as `cursor` for the page after this one. Null at the end."),
]

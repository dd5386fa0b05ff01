"""What a reader asks for, as one serialisable shape for lists, API, exports and saved searches."""

from datetime import UTC, datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from socialcube.domain.access.types import Scope
from socialcube.domain.logs.errors import PlaceUnreadableError
from socialcube.domain.logs.types import Place

FIRST_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MOMENT: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""What is outside is a slip of the keyboard, and near the ends of the calendar reckoning fails."""

Moment = Annotated[AwareDatetime, Field(ge=FIRST_MOMENT, le=LAST_MOMENT)]


class LogFilter(BaseModel):
    """Which rows of a stream. A field that the stream does not have filters nothing out.

    Attributes:
        bot_ids: rows of these bots only; None means of any, and rows of no bot too.
        level: level of a bot event, like `error`.
        command: name of a command.
        outcome: how a command run ended.
        kind: of a bot event, like `guild_joined`.
        kinds: of bot events, any of these.
        code: of an error.
        guild_id: the platform's id of the server where a command ran.
        min_status: lowest HTTP status of a request: 400 gives what was refused or failed.
        text: a part of what the row says to people, in any case of letters.
        after, before: bounds of when it happened, the first included, the second not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bot_ids: frozenset[UUID] | None = None
    level: str | None = Field(default=None, max_length=16)
    command: str | None = Field(default=None, max_length=100)
    outcome: str | None = Field(default=None, max_length=32)
    kind: str | None = Field(default=None, max_length=64)
    kinds: frozenset[str] | None = None
    code: str | None = Field(default=None, max_length=64)
    guild_id: int | None = Field(default=None, ge=0, lt=2**63)
    min_status: int | None = Field(default=None, ge=100, le=599)
    text: str | None = Field(default=None, max_length=200)
    after: Moment | None = None
    before: Moment | None = None

    def within(self, scope: Scope) -> Self:
        """Leave out the rows of bots that the scope does not allow; rows of no bot need every bot."""
        if scope.is_all:
            return self
        wanted = scope.bot_ids if self.bot_ids is None else self.bot_ids & scope.bot_ids
        return self.model_copy(update={"bot_ids": wanted})


ANYTHING = LogFilter()


def read_place(text: str) -> Place:
    """Read what `str(place)` wrote, as addresses of pages carry it.

    Raises:
        PlaceUnreadableError: the text is no place.
    """
    moment, _, number = text.rpartition("_")
    try:
        place = Place(datetime.fromisoformat(moment), int(number))
    except ValueError:
        raise PlaceUnreadableError from None
    is_whole = place.occurred_at.tzinfo is not None and 0 <= place.id < 2**63
    if not is_whole or not FIRST_MOMENT <= place.occurred_at <= LAST_MOMENT:
        raise PlaceUnreadableError
    return place

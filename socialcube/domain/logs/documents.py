"""What a reader asks for, as one serialisable shape for lists, API, exports and saved searches."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class LogFilter(BaseModel):
    """Which rows of a stream. A field that the stream does not have filters nothing out.

    Attributes:
        bot_ids: rows of these bots only; None means of any, and rows of no bot too.
        level: level of a bot event, like `error`.
        command: name of a command.
        outcome: how a command run ended.
        text: a part of what the row says to people, in any case of letters.
        after, before: bounds of when it happened, the first included, the second not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bot_ids: frozenset[UUID] | None = None
    level: str | None = Field(default=None, max_length=16)
    command: str | None = Field(default=None, max_length=100)
    outcome: str | None = Field(default=None, max_length=32)
    text: str | None = Field(default=None, max_length=200)
    after: AwareDatetime | None = None
    before: AwareDatetime | None = None


ANYTHING = LogFilter()

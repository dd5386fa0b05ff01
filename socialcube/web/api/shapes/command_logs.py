"""Uses of commands as programs see them."""

from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import Outcome, Page
from socialcube.web.api.shapes.common import Moment, Next, PageQuery, Shape, Snowflake

MAX_BOTS: Final = 100


class CommandLog(Shape):
    """One use of a command."""

    model_config = ConfigDict(from_attributes=True)

    event_id: UUID = Field(description="Its own id, which the panel shows as the id of the run.")
    occurred_at: datetime
    bot_id: UUID
    command_id: UUID | None
    command_name: str
    version: int | None = Field(description="The version that ran; null when there was none.")
    guild_id: Snowflake | None = Field(description="The server; null in a direct message.")
    guild_name: str
    channel_id: Snowflake | None
    user_id: Snowflake
    user_name: str
    outcome: Outcome
    error_code: str = Field(description="Empty when it went well.")
    error_message: str
    node_path: str = Field(description="Where in the command it failed, like `steps[1].then[0]`.")
    duration_ms: float
    first_response_ms: float | None = Field(
        description="Until the person saw anything; null when nothing came."
    )
    deferred: bool = Field(description="Whether the person was shown that the bot is thinking.")
    options: dict[str, Any] = Field(description="What the person gave, by the names of the options.")


class CommandLogPage(Shape):
    """Some uses, the newest first."""

    items: list[CommandLog]
    next: Next

    @classmethod
    def of(cls, page: Page, following: str | None) -> Self:
        """Make it from a page of rows, all at once: a log is asked for by the hundred."""
        return cls.model_validate({"items": [row.record for row in page.rows], "next": following})


class CommandLogsQuery(PageQuery):
    """Which uses: fields of the one filter that lists, exports and saved searches share."""

    bot_ids: frozenset[UUID] | None = Field(
        default=None, max_length=MAX_BOTS, description="Of these bots only. May be given several times."
    )
    command: str | None = Field(default=None, max_length=100, description="Name of the command.")
    outcome: Outcome | None = Field(default=None, description="How it ended.")
    guild_id: Snowflake | None = Field(default=None, description="The server.")
    text: str | None = Field(
        default=None,
        max_length=200,
        description="A part of the command, the person, the server or the error.",
    )
    after: Moment | None = Field(default=None, description="Not before this moment.")
    before: Moment | None = Field(default=None, description="Before this moment.")

    def filters(self) -> LogFilter:
        """Give the filter itself."""
        return LogFilter(**self.model_dump(exclude={"limit", "cursor"}, exclude_none=True))

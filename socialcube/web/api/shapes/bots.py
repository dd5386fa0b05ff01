"""Bots as programs see them."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import Field

from socialcube.domain.bots.types import (
    MAX_TAGS,
    BotView,
    DesiredState,
    GatewayState,
    Platform,
    ProcessState,
    Reason,
    StateWords,
)
from socialcube.web.api.shapes.common import Next, PageQuery, Shape, Snowflake, utc


class BotStatus(StrEnum):
    """How a bot is, in one word. The panel says the same."""

    ONLINE = "online"
    STARTING = "starting"
    RECONNECTING = "reconnecting"
    STOPPING = "stopping"
    UNSTABLE = "unstable"
    NEEDS_YOU = "needs_you"
    FAILED = "failed"
    STOPPED = "stopped"

    @classmethod
    def of(cls, words: StateWords) -> Self:
        """Give the word for programs."""
        return cls(words.word.lower().replace(" ", "_"))


class BotState(Shape):
    """What was last seen of a bot."""

    status: BotStatus = Field(description="All in one word.")
    explanation: str = Field(description="Why it is so, for people. Empty when there is nothing to say.")
    remedy: str = Field(description="What to do about it, for people.")
    process: ProcessState = Field(description="The bot's own task in a runner.")
    gateway: GatewayState = Field(description="Its connection to the platform.")
    reason: Reason | None = Field(description="Why, when the state alone does not say it.")
    latency_ms: float | None = Field(description="Round trip of the last heartbeat.")
    guild_count: int | None = Field(description="Servers that it is in.")
    starts_left: int | None = Field(description="Session starts that the platform still allows today.")
    connected_at: datetime | None
    last_event_at: datetime | None = Field(description="When the platform last sent anything.")
    updated_at: datetime


class Bot(Shape):
    """A bot. Its token is never given."""

    id: UUID
    platform: Platform
    external_id: Snowflake = Field(description="Its id on the platform.")
    name: str
    description: str
    tags: list[str]
    desired_state: DesiredState = Field(description="What its owners want. `state` says what is so.")
    state: BotState
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, bot: BotView, words: StateWords) -> Self:
        """Make it from a bot and the words for its state."""
        seen = bot.state
        return cls(
            id=bot.id,
            platform=bot.platform,
            external_id=str(bot.external_id),
            name=bot.name,
            description=bot.description,
            tags=list(bot.tags),
            desired_state=bot.desired_state,
            state=BotState(
                status=BotStatus.of(words),
                explanation=words.sentence,
                remedy=words.remedy,
                process=seen.process,
                gateway=seen.gateway,
                reason=seen.reason,
                latency_ms=seen.latency_ms,
                guild_count=seen.guild_count,
                starts_left=seen.starts_left,
                connected_at=utc(seen.connected_at),
                last_event_at=utc(seen.last_event_at),
                updated_at=seen.updated_at,
            ),
            created_at=bot.created_at,
            updated_at=bot.updated_at,
        )


class BotPage(Shape):
    """Some bots, in the order in which they were added."""

    items: list[Bot]
    next: Next


class BotsQuery(PageQuery):
    """Which bots."""

    text: str = Field(
        default="", max_length=200, description="A part of the name, the description or the platform's id."
    )
    tags: frozenset[str] = Field(
        default=frozenset(),
        max_length=MAX_TAGS,
        description="Only bots that have all of these. May be given several times.",
    )
    desired_state: DesiredState | None = Field(default=None, description="Only bots of which this is wanted.")

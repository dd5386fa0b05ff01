"""Bots as others get them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from socialcube.domain.bots.types.profiles import Presence, Profile
from socialcube.domain.bots.types.states import StateView
from socialcube.domain.bots.types.words import DesiredState, Platform
from socialcube.domain.placements.types import Shard

_SHOWS_NOTHING: Final = Presence()
_UNKNOWN: Final = Profile("")


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who a token belongs to, in the platform's own words.

    Attributes:
        external_id: the bot's id there.
        intents: limited gateway intents that the platform lets it use, as intent bits.
        guild_count: servers it is in, None when the platform does not say.
        starts_left: session starts left today, None when the platform does not say.
        interactions_url: where the platform sends its commands instead of the gateway; empty as a rule.
    """

    external_id: int
    name: str
    description: str = ""
    avatar: str | None = None
    banner: str | None = None
    intents: int = 0
    guild_count: int | None = None
    starts_left: int | None = None
    interactions_url: str = ""
    platform: Platform = Platform.DISCORD


@dataclass(frozen=True, slots=True)
class BotView:
    """A bot as people see it: who it is, what is wanted of it, what was seen of it. Never its token.

    Attributes:
        token_last4: the end of its token; empty when it has none.
        token_fingerprint: tells tokens apart without giving one away; empty when it has none.
        has_token: whether a sealed token is stored.
        profile: what people see of it on the platform, as last told.
        interactions_url: where the platform sends its commands instead of to us; empty is as it should be.
        shard_count: in how many parts it runs, each with a gateway connection of its own.
    """

    id: UUID
    platform: Platform
    external_id: int
    name: str
    description: str
    avatar: str | None
    token_last4: str
    token_fingerprint: str
    has_token: bool
    intents: int
    tags: tuple[str, ...]
    desired_state: DesiredState
    generation: int
    version: int
    created_at: datetime
    updated_at: datetime
    state: StateView
    presence: Presence = _SHOWS_NOTHING
    profile: Profile = _UNKNOWN
    interactions_url: str = ""
    shard_count: int = 1


@dataclass(frozen=True, slots=True)
class DeletedBot:
    """A bot that was deleted and can be restored for a while. Its token is gone for good.

    Attributes:
        deleted_by: whoever did it, as `str(actor)`; empty for bots deleted before this was noted.
        purged_at: when everything that belongs to it goes.
    """

    id: UUID
    platform: Platform
    external_id: int
    name: str
    avatar: str | None
    deleted_at: datetime
    deleted_by: str
    purged_at: datetime


@dataclass(frozen=True, slots=True)
class SealedCell:
    """A sealed secret and the cell that it is bound to.

    Attributes:
        context: what it is bound to besides, as it stands in the row now; empty for a bot's token.
    """

    table: str
    column: str
    row_id: UUID
    sealed: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class BotLaunch:
    """What a runner needs to start a bot. The token is still sealed.

    Attributes:
        has_fingerprint: whether the token was stored with what it is known again by.
        presence: what it shows from its start on.
        shard_count: in how many parts it runs.
    """

    bot_id: UUID
    platform: Platform
    external_id: int
    name: str
    sealed_token: str
    intents: int
    generation: int
    has_fingerprint: bool = True
    presence: Presence = _SHOWS_NOTHING
    shard_count: int = 1


@dataclass(frozen=True, slots=True)
class WantedBot:
    """A bot that should run now, in so many parts. A grown `generation` means: run afresh."""

    bot_id: UUID
    generation: int
    shard_count: int = 1

    @property
    def units(self) -> list[Shard]:
        """List its parts, each of which some runner owns."""
        return [Shard(self.bot_id, number) for number in range(self.shard_count)]

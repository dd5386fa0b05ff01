"""What a key may do, told to the program that holds it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from socialcube.domain.access.types import Permission
from socialcube.web.api.shapes.common import Shape


class Key(Shape):
    """The key itself, without its secret."""

    id: UUID
    public_id: str = Field(description="The part behind `sc_`, by which people tell keys apart.")
    name: str
    scopes: list[Permission] = Field(description="What it was made for.")
    bot_ids: list[UUID] | None = Field(description="The bots that it is limited to; null for no such limit.")
    created_at: datetime
    expires_at: datetime


class Maker(Shape):
    """Whoever made the key."""

    id: UUID
    name: str


class BotPermissions(Shape):
    """What it may do on one bot."""

    bot_id: UUID
    permissions: list[Permission]


class Me(Shape):
    """What this key may do now: what it was made for, as far as its maker may do the same."""

    key: Key
    maker: Maker
    everywhere: list[Permission] = Field(description="Held on the whole site and on every bot.")
    bots: list[BotPermissions] = Field(description="Held on single bots, beside what holds everywhere.")

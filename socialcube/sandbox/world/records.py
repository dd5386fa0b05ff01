"""What the world is made of. Everything here survives a restart in the state file.

Ids are snowflakes as integers; times are aware and in UTC; `dict[str, Any]` is JSON as Discord sends it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass(slots=True)
class User:
    """A person, a bot's account or a webhook.

    `part` is the word for a demo person: admin, editor, viewer, stranger. `avatar` and `banner` name a
    picture in `State.pictures`; an avatar of None leaves what was drawn for the first day, an empty one
    shows nothing.
    """

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    part: str = ""
    avatar: str | None = None
    banner: str | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """What a bot shows of itself while it is online.

    Attributes:
        status: `online`, `idle`, `dnd` or `invisible`.
        activities: activity objects as it sent them (Discord docs, "Activity Object").
    """

    status: str = "online"
    activities: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Role:
    """A role of a guild. @everyone has the guild's own id; `bot_id` is set for a bot's role."""

    id: int
    name: str
    permissions: int
    position: int = 0
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    bot_id: int | None = None


@dataclass(slots=True)
class Overwrite:
    """Permissions that a channel adds to or takes from a role (`kind` 0) or a member (`kind` 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Channel:
    """A channel of a guild. `kind` is Discord's channel type: 0 text, 2 voice, 4 category."""

    id: int
    guild_id: int
    name: str
    kind: int = 0
    position: int = 0
    topic: str | None = None
    parent_id: int | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    last_message_id: int | None = None


@dataclass(slots=True)
class Member:
    """A user inside a guild."""

    user_id: int
    joined_at: datetime
    role_ids: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True)
class Guild:
    """A guild with all that belongs to it, each by its id."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(slots=True)
class Application:
    """An application. With a `token` it has a bot, whose user id is the application's id.

    `intents` are the limited gateway intents that its owner switched on, as gateway bits.
    `starts` counts the IDENTIFYs since `starts_since`. `shards` is the number that Discord recommends;
    `max_concurrency` and `guilds_per_shard` take the place of the limits for all bots. With an
    `interactions_url` its commands go there instead of to the gateway.
    """

    id: int
    name: str
    owner_id: int
    secret: str
    description: str = ""
    token: str | None = None
    intents: int = 0
    redirect_uris: list[str] = field(default_factory=list)
    starts: int = 0
    starts_since: datetime | None = None
    shards: int = 1
    max_concurrency: int | None = None
    guilds_per_shard: int | None = None
    interactions_url: str = ""


@dataclass(slots=True)
class Command:
    """A registered application command; `guild_id` None means everywhere.

    `body` holds what the application sent, checked and filled up, without ids.
    """

    id: int
    application_id: int
    guild_id: int | None
    version: int
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """Give the command's name."""
        return str(self.body["name"])

    @property
    def kind(self) -> int:
        """Give the command's type: 1 slash command, 2 on a user, 3 on a message."""
        return int(self.body["type"])


@dataclass(slots=True)
class Webhook:
    """An address at which whoever knows its token may post into one channel. Its account has its id."""

    id: int
    channel_id: int
    guild_id: int
    name: str
    token: str


@dataclass(slots=True)
class Origin:
    """The interaction that a message answers: its kind (2 command, 3 component), name and person."""

    interaction_id: int
    kind: int
    name: str
    user_id: int


@dataclass(slots=True)
class Message:
    """A message. `seen_by` names the only person who sees it, for ephemeral answers.

    `author_name` is what a webhook called itself in this one. `attachments` are attachment objects whose
    address is a path on this server.
    """

    id: int
    channel_id: int
    guild_id: int
    author_id: int
    content: str
    created_at: datetime
    edited_at: datetime | None = None
    kind: int = 0
    flags: int = 0
    tts: bool = False
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    mention_ids: list[int] = field(default_factory=list)
    mention_role_ids: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    reply_to: int | None = None
    nonce: str | int | None = None
    application_id: int | None = None
    origin: Origin | None = None
    seen_by: int | None = None
    webhook_id: int | None = None
    author_name: str | None = None


@dataclass(slots=True)
class State:
    """The whole world. `next_id` is the next small id for what people make here: guilds, roles, bots.

    `pictures` holds what bots uploaded, as data URIs by their hash.
    """

    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    applications: dict[int, Application] = field(default_factory=dict)
    commands: dict[int, Command] = field(default_factory=dict)
    command_creates: dict[str, list[float]] = field(default_factory=dict)
    messages: dict[int, list[Message]] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    next_id: int = 10_001

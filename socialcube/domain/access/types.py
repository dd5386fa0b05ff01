"""Who acts, what may be done, and to what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self
from uuid import UUID


class Permission(StrEnum):
    """One thing that a person, a key or a process may be allowed to do."""

    BOT_VIEW = "bot.view"
    BOT_CONTROL = "bot.control"
    BOT_EDIT = "bot.edit"
    BOT_TOKEN = "bot.token"  # noqa: S105 - a permission, not a secret
    BOT_DELETE = "bot.delete"
    COMMAND_VIEW = "command.view"
    COMMAND_EDIT = "command.edit"
    COMMAND_PUBLISH = "command.publish"
    AUTOMATION_EDIT = "automation.edit"
    AUTOMATION_PUBLISH = "automation.publish"
    GUILD_VIEW = "guild.view"
    GUILD_EDIT = "guild.edit"
    LOG_VIEW = "log.view"
    LOG_EXPORT = "log.export"
    VARIABLE_EDIT = "variable.edit"
    SECRET_EDIT = "secret.edit"  # noqa: S105 - a permission, not a secret
    ALERT_EDIT = "alert.edit"
    MEMBER_MANAGE = "member.manage"
    APIKEY_MANAGE = "apikey.manage"
    BOT_CREATE = "bot.create"
    PACK_MANAGE = "pack.manage"
    SYSTEM_VIEW = "system.view"
    SITE_ADMIN = "site.admin"


SITE_PERMISSIONS: Final = frozenset(
    {Permission.BOT_CREATE, Permission.PACK_MANAGE, Permission.SYSTEM_VIEW, Permission.SITE_ADMIN}
)
"""What concerns the whole installation. A grant on one bot never gives these."""

BOT_PERMISSIONS: Final = frozenset(Permission) - SITE_PERMISSIONS
"""What may be granted on one bot."""

MANAGER_PERMISSIONS: Final = frozenset({Permission.GUILD_VIEW, Permission.GUILD_EDIT})
"""What managing a server gives, for the bots there that allow it. Nothing else comes of it."""

EFFECTS: Final[Mapping[Permission, str]] = {
    Permission.BOT_VIEW: "see the bot and its state",
    Permission.BOT_CONTROL: "start, stop and restart it, and take it out of servers",
    Permission.BOT_EDIT: "change its name, description and tags",
    Permission.BOT_TOKEN: "give it a new token, or destroy one that leaked",
    Permission.BOT_DELETE: "delete it, which destroys its token, and restore it",
    Permission.COMMAND_VIEW: "see its commands and the plan of their changes",
    Permission.COMMAND_EDIT: "change and try drafts",
    Permission.COMMAND_PUBLISH: "publish, roll back, switch on and off, apply the plan",
    Permission.AUTOMATION_EDIT: "change drafts of event handlers, schedules and webhooks",
    Permission.AUTOMATION_PUBLISH: "make them live",
    Permission.GUILD_VIEW: "see its servers",
    Permission.GUILD_EDIT: "change the settings of its servers",
    Permission.LOG_VIEW: "read its logs",
    Permission.LOG_EXPORT: "export its logs",
    Permission.VARIABLE_EDIT: "change its variables",
    Permission.SECRET_EDIT: "set and destroy its secrets, which nobody can read",
    Permission.ALERT_EDIT: "say who is told when it is in trouble",
    Permission.MEMBER_MANAGE: "grant others what one holds oneself",
    Permission.APIKEY_MANAGE: "make and revoke API keys",
    Permission.BOT_CREATE: "add bots",
    Permission.PACK_MANAGE: "change command packs",
    Permission.SYSTEM_VIEW: "see runners, leases and queues",
    Permission.SITE_ADMIN: "manage users, roles and site settings, read the audit log",
}
"""What each permission allows, in words for people."""

AREAS: Final[Mapping[str, tuple[Permission, ...]]] = {
    "Bots": (
        Permission.BOT_VIEW,
        Permission.BOT_CONTROL,
        Permission.BOT_EDIT,
        Permission.BOT_TOKEN,
        Permission.BOT_DELETE,
    ),
    "Commands": (Permission.COMMAND_VIEW, Permission.COMMAND_EDIT, Permission.COMMAND_PUBLISH),
    "Servers": (Permission.GUILD_VIEW, Permission.GUILD_EDIT),
    "Logs": (Permission.LOG_VIEW, Permission.LOG_EXPORT),
    "Secrets": (Permission.SECRET_EDIT,),
    "People and keys": (Permission.MEMBER_MANAGE, Permission.APIKEY_MANAGE),
    "Automations": (Permission.AUTOMATION_EDIT, Permission.AUTOMATION_PUBLISH),
    "Variables": (Permission.VARIABLE_EDIT,),
    "Alerts": (Permission.ALERT_EDIT,),
    "Site": (
        Permission.BOT_CREATE,
        Permission.SYSTEM_VIEW,
        Permission.PACK_MANAGE,
        Permission.SITE_ADMIN,
    ),
}
"""What permissions are about, in the order in which people read them. Each permission stands once."""

PLANNED: Final = frozenset(
    {
        Permission.AUTOMATION_EDIT,
        Permission.AUTOMATION_PUBLISH,
        Permission.VARIABLE_EDIT,
        Permission.PACK_MANAGE,
    }
)
"""What nothing asks for yet: roles may hold it, and no screen offers it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for a change: a person, a key, the command line or one of our processes.

    Attributes:
        kind: `user`, `key`, `cli`, `fleet` or `system`.
        id: who exactly, in the words of the kind: a user's id, an account name, a runner's id.
        permissions: what holds on the site and on every bot.
        bot_permissions: what holds on single bots, by the bot's id.
        managed: single servers of single bots, as (bot's id, our key of the server), that it may set things
            for since it manages the server on the platform. Only the pages of server managers fill it in.
        request_id: of the web request it acts in, for the audit log; who acts is the same without it.
        address: where that request came from.
        person_id: whose key a `key` is, so that the audit log knows whose address that is.
    """

    kind: str
    id: str
    permissions: frozenset[Permission] = frozenset()
    bot_permissions: Mapping[UUID, frozenset[Permission]] = field(default_factory=dict, hash=False)
    managed: frozenset[tuple[UUID, UUID]] = frozenset()
    request_id: str = field(default="", compare=False)
    address: str = field(default="", compare=False)
    person_id: UUID | None = field(default=None, compare=False)

    @classmethod
    def user(
        cls,
        user_id: UUID,
        permissions: frozenset[Permission] = frozenset(),
        bot_permissions: Mapping[UUID, frozenset[Permission]] | None = None,
    ) -> Self:
        """Make the actor for a person, who holds what was granted."""
        return cls("user", str(user_id), permissions, bot_permissions or {})

    @classmethod
    def key(
        cls,
        key_id: UUID,
        permissions: frozenset[Permission],
        bot_permissions: Mapping[UUID, frozenset[Permission]],
    ) -> Self:
        """Make the actor for a program with an API key: it holds what its maker gave it and still holds."""
        return cls("key", str(key_id), permissions, bot_permissions)

    @classmethod
    def system(cls, name: str) -> Self:
        """Make the actor for work that nobody in particular asked for. It may do everything."""
        return cls("system", name, frozenset(Permission))

    @classmethod
    def cli(cls, account: str) -> Self:
        """Make the actor for the command line: who has the shell has the database. It may do everything."""
        return cls("cli", account, frozenset(Permission))

    @classmethod
    def fleet(cls, runner_id: UUID) -> Self:
        """Make the actor for a runner. It holds nothing: what it writes, it saw; nobody allowed it."""
        return cls("fleet", str(runner_id))

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a permission is asked for.

    Attributes:
        kind: like `bot`, `command`, `job`.
        id: its key as text.
        bot_id: the bot it belongs to, None when it belongs to the site.
        guild_id: our key of the server it is about, None when it is about all servers of the bot or none.
    """

    kind: str
    id: str
    bot_id: UUID | None = None
    guild_id: UUID | None = None

    @classmethod
    def bot(cls, bot_id: UUID) -> Self:
        """Make the subject for a bot itself."""
        return cls("bot", str(bot_id), bot_id)

    @classmethod
    def guild(cls, bot_id: UUID, guild_id: UUID) -> Self:
        """Make the subject for a bot's place in one server."""
        return cls("guild", str(guild_id), bot_id, guild_id)


@dataclass(frozen=True, slots=True)
class Scope:
    """The bots on which an actor holds a permission.

    Attributes:
        is_all: every bot, those made later too.
        bot_ids: these bots, when it is not every one.
    """

    is_all: bool
    bot_ids: frozenset[UUID] = frozenset()

    def allows(self, bot_id: UUID) -> bool:
        """Tell whether the bot is one of them."""
        return self.is_all or bot_id in self.bot_ids

    def __bool__(self) -> bool:
        return self.is_all or bool(self.bot_ids)

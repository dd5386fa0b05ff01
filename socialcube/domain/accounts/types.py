"""Words about people, their sessions and what they were granted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from socialcube.domain.access.types import Permission

IDLE_TIME: Final = timedelta(hours=12)
"""A session ends when nobody used it for so long."""

SESSION_TIME: Final = timedelta(days=30)
"""A session ends so long after it was opened, however much it is used."""

RECENT_TIME: Final = timedelta(minutes=15)
"""For so long after a person proved who they are, that is believed for tokens, grants and keys too."""

FORM_TIME: Final = timedelta(minutes=5)
"""A form that will need a recent sign-in opens only if at least so long is left to fill it in."""

SETUP_CODE_TIME: Final = timedelta(hours=24)
LOGIN_LINK_TIME: Final = timedelta(minutes=15)

INVITE_TIME: Final = timedelta(days=7)
MIN_INVITE_TIME: Final = timedelta(hours=1)
MAX_INVITE_TIME: Final = timedelta(days=30)

MAX_NAME_LENGTH: Final = 80
MAX_GROUP_NAME_LENGTH: Final = 60
MAX_GROUP_DESCRIPTION_LENGTH: Final = 200
MAX_GROUP_BOTS: Final = 1000
MAX_NOTE_LENGTH: Final = 80
MAX_ROLE_NAME_LENGTH: Final = 40
MAX_ROLE_DESCRIPTION_LENGTH: Final = 200
MAX_EXTERNAL_ID: Final = (1 << 63) - 1
"""The greatest id that the database keeps; Discord's stay below it until the year 2084."""


class BuiltInRole(StrEnum):
    """The roles that every installation has. What they hold is written in the policy, not in a table."""

    OWNER = "owner"
    MANAGER = "manager"
    EDITOR = "editor"
    OPERATOR = "operator"
    VIEWER = "viewer"


class CodeKind(StrEnum):
    """What a one-time code is good for."""

    SETUP = "setup"
    LOGIN = "login"
    INVITE = "invite"


class Theme(StrEnum):
    """How the panel looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Profile:
    """A person in the platform's own words, as they came: nothing here is clean yet."""

    external_id: int
    name: str
    display_name: str = ""
    avatar: str | None = None


@dataclass(frozen=True, slots=True)
class UserView:
    """A person who may sign in.

    Attributes:
        external_id: the person's id on the platform. It alone tells people apart: names can be changed.
        last_seen_at: None for somebody who was invited and never signed in.
    """

    id: UUID
    external_id: int
    name: str
    display_name: str
    avatar: str | None
    is_disabled: bool
    last_seen_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser. The token that proves it is stored nowhere, only its hash.

    Attributes:
        data: what the web keeps in it, as JSON.
        signed_in_at: when the person last proved who they are; dangerous changes ask for a recent one.
        expires_at: when it ends at the latest; being idle ends it sooner.
    """

    id: UUID
    user_id: UUID
    data: dict[str, object]
    created_at: datetime
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    agent: str

    @property
    def ends_at(self) -> datetime:
        """Give the moment at which it ends if nobody uses it again."""
        return min(self.expires_at, self.last_seen_at + IDLE_TIME)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants the panel. An empty locale or time zone means: as the browser has it."""

    theme: Theme = Theme.SYSTEM
    locale: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class RoleView:
    """A named set of permissions.

    Attributes:
        built_in: which one it is, None for a role that was made here.
        version: 0 for built-in ones, which nobody can change.
    """

    id: UUID
    name: str
    description: str
    permissions: frozenset[Permission]
    built_in: BuiltInRole | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role holds: on one bot, on the bots of a group, or on the whole site when neither is named."""

    bot_id: UUID | None = None
    group_id: UUID | None = None

    @property
    def is_site(self) -> bool:
        """Tell whether it is the whole site."""
        return self.bot_id is None and self.group_id is None


@dataclass(frozen=True, slots=True)
class GroupView:
    """Bots that are granted together.

    Attributes:
        bot_ids: its bots, those that wait for being restored too.
    """

    id: UUID
    name: str
    description: str
    bot_ids: frozenset[UUID]
    version: int


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role that a person has on one bot, on a group, or on the whole site when neither is named.

    Attributes:
        granted_by: the actor who gave it, as text.
    """

    id: UUID
    user_id: UUID
    role: RoleView
    bot_id: UUID | None
    granted_by: str
    created_at: datetime
    group_id: UUID | None = None

    @property
    def place(self) -> Place:
        """Give where it holds."""
        return Place(self.bot_id, self.group_id)


@dataclass(frozen=True, slots=True)
class InviteView:
    """A link that gives whoever accepts it first a role. The code in it is stored nowhere, only its hash.

    Attributes:
        note: for whom it is, in the words of whoever made it.
        made_by: that actor, as text.
    """

    id: UUID
    role: RoleView
    place: Place
    note: str
    made_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may do something at a place, and why.

    Attributes:
        grants: all that give it, the nearest first: on the bot itself, on its groups, on the site.
        permissions: what holds there, each with where it comes from, like `Editor on this bot`.
    """

    user: UserView
    grants: tuple[GrantView, ...]
    permissions: Mapping[Permission, str]

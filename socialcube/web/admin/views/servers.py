"""The list of servers and what each bot is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, String, cast, func, select

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import StateWords
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.models import BotGuild, BotGuildSettings, Channel, Guild, GuildRole
from socialcube.web import identity
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import shown_bot_choices
from socialcube.web.context import services
from socialcube.web.extensions import db
from socialcube.web.pages.guilds.fits import fit_places


@dataclass(frozen=True, slots=True)
class Member:
    """A bot in a server.

    Attributes:
        settings_version: counts the changes of what is set for it there, 0 while nothing is.
        can_edit: whether the person may change that.
    """

    bot_id: UUID
    name: str
    joined_at: Any
    settings_version: int
    can_edit: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A server as a line of the list."""

    id: UUID
    name: str
    external_id: int
    icon: str | None
    seen_at: Any
    bots: tuple[str, ...]


class ServersView(SecureView):
    """All servers that hold a bot of the person's."""

    table = Guild
    needs = Needs(view=Permission.GUILD_VIEW, export=Permission.GUILD_VIEW)
    nav = "servers"
    follows_choice = True
    noun = "server"

    column_list = ("name", "bots", "external_id", "seen_at")
    column_details_list = ("name", "external_id", "owner_external_id", "seen_at")
    column_labels: ClassVar[dict[str, str]] = {
        "name": "Server",
        "external_id": "Discord id",
        "owner_external_id": "Owner's Discord id",
        "seen_at": "Last seen",
    }
    column_end = frozenset({"seen_at"})
    column_wide = frozenset({"external_id"})
    column_state = "seen_at"
    cells_template = "admin/cells/servers.html"
    details_template = "admin/servers/details.html"
    sortable: ClassVar[Mapping[str, Any]] = {"name": Guild.name, "seen_at": Guild.seen_at}
    searched = (Guild.name, cast(Guild.external_id, String))
    search_words = "Name or Discord id"

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter(
                "Bot",
                lambda: shown_bot_choices(Permission.GUILD_VIEW),
                lambda key: Guild.id.in_(_held(BotGuild.bot_id == UUID(key))),
            ),
        )
        super().__init__("servers", "Servers")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to servers that hold a bot of the scope now."""
        return Guild.id.in_(_held(within_bots(BotGuild.bot_id, scope)))

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Name the bots of all these servers at once."""
        members = _members([row.id for row in rows])
        return [
            Row(
                row.id,
                row.name,
                row.external_id,
                row.icon,
                row.seen_at,
                tuple(bot.name for bot in members.get(row.id, ())),
            )
            for row in rows
        ]

    def details_values(self, row: Any) -> dict[str, Any]:
        """Add the bots that are there, and how much of the server is known."""
        return super().details_values(row) | {
            "members": _members([row.id]).get(row.id, []),
            "fits": _fits(row.id),
            "channels": _count(Channel, row.id),
            "roles": _count(GuildRole, row.id),
        }

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in a file."""
        return ", ".join(row.bots) if column == "bots" else getattr(row, column)

    def head_actions(self) -> list[MenuItem]:
        """Lead to the map of servers that hold several bots."""
        return [MenuItem("Map", "branch", url_for("guild.show_map"))]

    def empty(self) -> Empty:
        """Say how a server gets here."""
        return Empty("No servers yet", "A server appears when somebody invites a bot of yours into it.")


def _held(condition: ColumnElement[bool]) -> Any:
    return (
        select(BotGuild.guild_id)
        .join(Bot, Bot.id == BotGuild.bot_id)
        .where(BotGuild.left_at.is_(None), Bot.deleted_at.is_(None), condition)
    )


def _members(guild_ids: list[UUID]) -> dict[UUID, list[Member]]:
    is_set = (BotGuildSettings.bot_id == BotGuild.bot_id) & (BotGuildSettings.guild_id == BotGuild.guild_id)
    statement = (
        select(BotGuild.guild_id, Bot.id, Bot.name, BotGuild.joined_at, BotGuildSettings.version)
        .join(Bot, Bot.id == BotGuild.bot_id)
        .outerjoin(BotGuildSettings, is_set)
        .where(BotGuild.guild_id.in_(guild_ids), BotGuild.left_at.is_(None), Bot.deleted_at.is_(None))
        .where(within_bots(BotGuild.bot_id, identity.scope(Permission.GUILD_VIEW)))
        .order_by(Bot.name)
    )
    editable = identity.scope(Permission.GUILD_EDIT)
    found: dict[UUID, list[Member]] = {}
    for guild_id, bot_id, name, joined_at, version in db.session.execute(statement):
        member = Member(bot_id, name, joined_at, version or 0, editable.allows(bot_id))
        found.setdefault(guild_id, []).append(member)
    return found


def _fits(guild_id: UUID) -> dict[UUID, StateWords]:
    """Say for each bot there whether it may do what it has to."""
    session = services().session()
    sights = guilds.list_sights(session, scope=identity.scope(Permission.GUILD_VIEW), guild_ids=[guild_id])
    return {place.bot.id: place.words for place in fit_places(session, sights)}


def _count(table: type[Channel | GuildRole], guild_id: UUID) -> int:
    statement = select(func.count()).select_from(table).where(table.guild_id == guild_id)
    return int(db.session.scalar(statement) or 0)

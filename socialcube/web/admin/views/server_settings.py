"""What is set for one bot in one server: fixed fields, and those that the bot's owner defined."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Query

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.guilds.models import BotGuild, Guild
from socialcube.web import identity
from socialcube.web.admin.forms import server_settings
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import command_choices
from socialcube.web.extensions import db


class ServerSettingsView(SecureView):
    """Each bot in each server, and what is set there."""

    table = BotGuild
    needs = Needs(view=Permission.GUILD_VIEW, edit=Permission.GUILD_EDIT)
    nav = "servers"
    noun = "server setting"

    column_list = ("name", "bot", "joined_at")
    column_labels: ClassVar[dict[str, str]] = {"name": "Server", "joined_at": "There since"}
    column_end = frozenset({"joined_at"})
    column_state = "bot"
    cells_template = "admin/cells/server_settings.html"
    sortable: ClassVar[Mapping[str, Any]] = {
        "name": Guild.name,
        "bot": Bot.name,
        "joined_at": BotGuild.joined_at,
    }
    searched = (Guild.name, Bot.name)
    search_words = "Server or bot"
    form = server_settings.ServerSettingsForm
    edit_template = "admin/server_settings/edit.html"

    def __init__(self) -> None:
        super().__init__("server_settings", "Server settings", "servers/settings")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope."""
        return within_bots(BotGuild.bot_id, scope)

    def query_for(self, permission: Permission) -> Query[Any]:
        """Give the places where a bot is now."""
        query = super().query_for(permission)
        query = query.join(Guild, Guild.id == BotGuild.guild_id).join(Bot, Bot.id == BotGuild.bot_id)
        return query.filter(BotGuild.left_at.is_(None), Bot.deleted_at.is_(None))

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Put the names beside the keys, read at once."""
        guilds = _by_id(Guild, {row.guild_id for row in rows})
        found = _by_id(Bot, {row.bot_id for row in rows})
        for row in rows:
            row.guild, row.bot = guilds[row.guild_id], found[row.bot_id]
        return rows

    def title_of(self, row: Any) -> str:
        """Name the bot and the server."""
        # In a list both are in the session already.
        bot, guild = db.session.get_one(Bot, row.bot_id), db.session.get_one(Guild, row.guild_id)
        return f"{bot.name} in {guild.name}"

    def object_url(self, row: Any) -> str | None:
        """Lead to the server."""
        return url_for("servers.details_view", id=row.guild_id)

    def url_after(self, key: str) -> str:
        """Lead back to the server."""
        return url_for("servers.details_view", id=key.rpartition(",")[2])

    def empty(self) -> Empty:
        """Say how a server gets here."""
        return Empty("No servers yet", "A server appears when somebody invites a bot of yours into it.")

    def fill_form(self, row: Any, sent: Any) -> PanelForm:
        """Make a form that has the fields of this bot, too."""
        commands = command_choices(row.bot_id)
        return server_settings.fill(db.session(), row.bot_id, row.guild_id, commands=commands, sent=sent)

    def form_values(self, row: Any) -> dict[str, Any]:
        """Tell whether the person may say which fields there are."""
        return {"may_define": identity.scope(Permission.BOT_EDIT).allows(row.bot_id)}

    def sections_of(self, form: PanelForm) -> tuple[Section, ...]:
        """Show the bot's own fields first."""
        return server_settings.sections_of(cast("server_settings.ServerSettingsForm", form))

    def update_model(self, form: PanelForm, model: Any) -> bool:
        """Set what counts here. Gives whether it was, else the form says why not."""

        def save(uow: UnitOfWork) -> bool:
            sent = cast("server_settings.ServerSettingsForm", form)
            server_settings.save(uow, identity.actor(), model.bot_id, model.guild_id, sent)
            return True

        return bool(self._write(form, save))

    def tell(self, form: PanelForm, error: Exception) -> bool:
        """Put each problem of the settings at its field."""
        return server_settings.tell(form, error)


def _by_id(table: Any, keys: set[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in db.session.scalars(select(table).where(table.id.in_(keys)))}

"""What is set for one bot in one server: fixed fields, and those that the bot's owner defined."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Query
from wtforms import SelectField, SelectMultipleField

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.errors import SettingsInvalidError
from socialcube.domain.guilds.models import BotGuild, Guild
from socialcube.domain.guilds.policy import LOCALES, list_time_zones
from socialcube.domain.guilds.types import GuildSettings
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.forms.setting_fields import (
    PREFIX,
    ServerChoices,
    make_fields,
    read_values,
    show_values,
)
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import command_choices
from socialcube.web.extensions import db

_FIXED = ("locale", "time_zone", "log_channel_id", "disabled_commands")


class ServerSettingsForm(PanelForm):
    """What every server has."""

    locale = SelectField("Language", choices=list(LOCALES), description="For dates and numbers in answers.")
    time_zone = SelectField(
        "Time zone",
        choices=choices_of((name, name) for name in list_time_zones()),
        render_kw={"data-role": "combobox"},
    )
    log_channel_id = SelectField(
        "Log channel",
        description="Where failures of commands are told. Nothing is told when none is chosen.",
        render_kw={"data-role": "combobox"},
    )
    disabled_commands = SelectMultipleField(
        "Switched off here", description="All others may be used, those made later too."
    )


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
    form = ServerSettingsForm
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
        session = db.session()
        stored = queries.get_settings(session, row.bot_id, row.guild_id)
        fields = queries.get_form(session, row.bot_id).fields
        places = ServerChoices.read(session, row.guild_id)
        kind = type("SettingsOfBotForm", (ServerSettingsForm,), make_fields(fields, places))
        form: PanelForm = kind(sent, data=_stored_values(stored) | show_values(fields, stored.values))
        form.log_channel_id.choices = choices_of([("", "None"), *places.channels])
        form.disabled_commands.choices = choices_of(command_choices(row.bot_id))
        form.setting_fields = fields
        return form

    def form_values(self, row: Any) -> dict[str, Any]:
        """Tell whether the person may say which fields there are."""
        return {"may_define": identity.scope(Permission.BOT_EDIT).allows(row.bot_id)}

    def sections_of(self, form: PanelForm) -> tuple[Section, ...]:
        """Show the bot's own fields first: they are why somebody comes here."""
        own = tuple(f"{PREFIX}{field.key}" for field in form.setting_fields)
        first = Section("This bot here", "What the bot's owner asks each server for.", own)
        rest = (
            Section("Language and time", "How answers write dates and numbers.", ("locale", "time_zone")),
            Section("Commands", "Which ones people cannot use in this server.", ("disabled_commands",)),
            Section("Failures", "Who is told when a command fails.", ("log_channel_id",)),
        )
        return (first, *rest) if own else rest

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Set what counts here."""
        fields = queries.get_form(uow.session, row.bot_id).fields
        service.edit_settings(
            uow,
            actor,
            row.bot_id,
            row.guild_id,
            version=version,
            locale=values["locale"],
            time_zone=values["time_zone"],
            log_channel_id=int(values["log_channel_id"]) if values["log_channel_id"] else None,
            disabled_commands=[UUID(key) for key in values["disabled_commands"] or ()],
            values=read_values(fields, values),
        )

    def tell(self, form: PanelForm, error: Exception) -> bool:
        """Put each problem of the settings at its field."""
        if not isinstance(error, SettingsInvalidError):
            return False
        for problem in error.problems:
            name = problem.path if problem.path in _FIXED else PREFIX + problem.path.removeprefix("values.")
            if name in form:
                form[name].errors = [*form[name].errors, problem.message]
            else:
                form.problems.append(problem.message)
        return True


def _stored_values(stored: GuildSettings) -> dict[str, Any]:
    return {
        "version": stored.version,
        "locale": stored.locale,
        "time_zone": stored.time_zone,
        "log_channel_id": str(stored.log_channel_id or ""),
        "disabled_commands": [str(key) for key in stored.disabled_commands],
    }


def _by_id(table: Any, keys: set[UUID]) -> dict[UUID, Any]:
    return {row.id: row for row in db.session.scalars(select(table).where(table.id.in_(keys)))}

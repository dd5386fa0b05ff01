"""The form of what is set for a bot in a server: in the panel, and for the server's own managers."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session
from wtforms import SelectField, SelectMultipleField

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.errors import SettingsInvalidError
from socialcube.domain.guilds.policy import LOCALE_NAMES, list_time_zones
from socialcube.domain.guilds.types import GuildSettings, SettingField
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.forms.setting_fields import (
    PREFIX,
    ServerChoices,
    make_fields,
    read_values,
    show_values,
)

_FIXED: Final = {
    "locale": "locale",
    "time_zone": "time_zone",
    "log_channel": "log_channel_id",
    "disabled_commands": "disabled_commands",
}
"""Fields by the path under which services tell their problems."""

_COMMANDS: Final = "disabled_commands"
_FIXED_SECTIONS: Final = (
    Section("Language and time", "How answers write dates and numbers.", ("locale", "time_zone")),
    Section("Commands", "Which ones people cannot use in this server.", (_COMMANDS,)),
    Section("Failures", "Who is told when a command fails.", ("log_channel_id",)),
)


class ServerSettingsForm(PanelForm):
    """What every server has.

    Attributes:
        setting_fields: what the bot's owner asks for beside it.
    """

    setting_fields: Sequence[SettingField] = ()

    locale = SelectField(
        "Language",
        choices=choices_of((locale, f"{name} ({locale})") for locale, name in LOCALE_NAMES.items()),
        description="For dates and numbers in answers.",
    )
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


def fill(
    session: Session, bot_id: UUID, guild_id: UUID, *, commands: Iterable[tuple[str, str]] | None, sent: Any
) -> ServerSettingsForm:
    """Make the form of a bot in a server, holding what was sent or else what is stored.

    Args:
        session: an open session.
        bot_id: the bot.
        guild_id: our key of the server.
        commands: those that may be switched, as pairs of key and name; None leaves the field out.
        sent: what a browser sent, None when it did not.

    Raises:
        BotNotInGuildError: the bot is not there.
    """
    stored = queries.get_settings(session, bot_id, guild_id)
    fields = queries.get_form(session, bot_id).fields
    places = ServerChoices.read(session, guild_id)
    kind = type("SettingsOfBotForm", (ServerSettingsForm,), make_fields(fields, places))
    form: ServerSettingsForm = kind(sent, data=_stored_values(stored) | show_values(fields, stored.values))
    form.log_channel_id.choices = choices_of([("", "None"), *places.channels])
    if commands is None:
        del form.disabled_commands
    else:
        form.disabled_commands.choices = choices_of(commands)
    form.setting_fields = fields
    return form


def sections_of(form: ServerSettingsForm) -> tuple[Section, ...]:
    """Show the bot's own fields first: they are why somebody comes here."""
    own = tuple(f"{PREFIX}{field.key}" for field in form.setting_fields)
    first = Section("This bot here", "What the bot's owner asks each server for.", own)
    fixed = tuple(part for part in _FIXED_SECTIONS if _COMMANDS in form or _COMMANDS not in part.fields)
    return (first, *fixed) if own else fixed


def save(uow: UnitOfWork, actor: Actor, bot_id: UUID, guild_id: UUID, form: ServerSettingsForm) -> None:
    """Set what the form holds. What it does not show stays as it is.

    Raises:
        ForbiddenError, BotNotInGuildError, SettingsInvalidError, SettingsChangedError: as the service says.
    """
    values = form.values()
    service.edit_settings(
        uow,
        actor,
        bot_id,
        guild_id,
        version=form.seen_version(),
        locale=values["locale"],
        time_zone=values["time_zone"],
        log_channel_id=int(values["log_channel_id"]) if values["log_channel_id"] else None,
        disabled_commands=_switched_off(uow.session, bot_id, guild_id, form),
        values=read_values(queries.get_form(uow.session, bot_id).fields, values),
    )


def tell(form: PanelForm, error: Exception) -> bool:
    """Put each problem of the settings at its field. Gives whether that was done."""
    if not isinstance(error, SettingsInvalidError):
        return False
    for problem in error.problems:
        name = _FIXED.get(problem.path) or PREFIX + problem.path.removeprefix("values.")
        if name in form:
            form[name].errors = [*form[name].errors, problem.message]
        else:
            form.problems.append(problem.message)
    return True


def _switched_off(
    session: Session, bot_id: UUID, guild_id: UUID, form: ServerSettingsForm
) -> frozenset[UUID]:
    """Give the commands that are ticked, and those switched off already that the form does not offer."""
    stored = queries.get_settings(session, bot_id, guild_id).disabled_commands
    if _COMMANDS not in form:
        return stored
    offered = {UUID(choice.value) for choice in form.disabled_commands.choices}
    return (stored - offered) | {UUID(key) for key in form.disabled_commands.data or ()}


def _stored_values(stored: GuildSettings) -> dict[str, Any]:
    return {
        "version": stored.version,
        "locale": stored.locale,
        "time_zone": stored.time_zone,
        "log_channel_id": str(stored.log_channel_id or ""),
        "disabled_commands": [str(key) for key in stored.disabled_commands],
    }

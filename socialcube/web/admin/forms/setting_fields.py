"""Form fields for what a bot's owner asks its servers for: one per kind, made while the page is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy.orm import Session
from wtforms import DecimalField, Field, SelectField, StringField
from wtforms.validators import Optional

from socialcube.domain.guilds import queries
from socialcube.domain.guilds.types import FieldKind, SettingField, SettingValue
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.forms.numbers import plain_number

PREFIX: Final = "own_"
"""Keeps a key like `version` apart from the form's own fields."""

_TEXT_CHANNELS: Final = frozenset({0, 5})
"""Text and announcement channels (Discord docs, Channel, "Channel Types")."""


@dataclass(frozen=True, slots=True)
class ServerChoices:
    """What can be picked in one server, as pairs of id and name."""

    channels: list[tuple[str, str]]
    roles: list[tuple[str, str]]

    @classmethod
    def read(cls, session: Session, guild_id: UUID) -> Self:
        """Read what the bots last saw there."""
        channels = queries.list_channels(session, guild_id)
        roles = queries.list_roles(session, guild_id)
        return cls(
            [(str(item.external_id), f"#{item.name}") for item in channels if item.kind in _TEXT_CHANNELS],
            [(str(item.external_id), f"@{item.name}") for item in roles],
        )


def make_fields(fields: Sequence[SettingField], places: ServerChoices) -> dict[str, Any]:
    """Make the fields by their names in the form. Services check the values, so these only read them."""
    return {f"{PREFIX}{field.key}": _make(field, places) for field in fields}


def show_values(fields: Sequence[SettingField], stored: Mapping[str, SettingValue]) -> dict[str, Any]:
    """Give what the fields hold at first."""
    return {f"{PREFIX}{field.key}": _show(field, stored.get(field.key)) for field in fields}


def read_values(fields: Sequence[SettingField], typed: Mapping[str, Any]) -> dict[str, SettingValue]:
    """Give what was typed, as settings keep it; None for what was left empty."""
    return {field.key: _read(field, typed.get(f"{PREFIX}{field.key}")) for field in fields}


def _make(field: SettingField, places: ServerChoices) -> Field:
    words: dict[str, Any] = {"label": field.label, "description": _help(field)}
    match field.kind:
        case FieldKind.NUMBER:
            return DecimalField(validators=[Optional()], places=None, **words)
        case FieldKind.TEXT:
            return StringField(**words)
        case FieldKind.YESNO:
            return SelectField(
                choices=choices_of([("", _unset(field)), ("yes", "Yes"), ("no", "No")]), **words
            )
        case FieldKind.CHOICE:
            return SelectField(
                choices=choices_of([("", _unset(field)), *((value, value) for value in field.choices)]),
                **words,
            )
    found = places.channels if field.kind is FieldKind.CHANNEL else places.roles
    picker = {"data-role": "combobox"}
    return SelectField(choices=choices_of([("", "None"), *found]), render_kw=picker, **words)


def _help(field: SettingField) -> str:
    default = (
        f"Otherwise: {field.default}."
        if field.default not in {None, ""} and not isinstance(field.default, bool)
        else ""
    )
    return f"{field.help} {default}".strip()


def _unset(field: SettingField) -> str:
    if field.default is None:
        return "Not set"
    words = (
        {True: "yes", False: "no"}.get(field.default, field.default)
        if isinstance(field.default, bool)
        else field.default
    )
    return f"As usual ({words})"


def _show(field: SettingField, value: SettingValue) -> Any:
    if field.kind is FieldKind.YESNO:
        return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""
    return value if field.kind is FieldKind.NUMBER else (value or "")


def _read(field: SettingField, typed: Any) -> SettingValue:
    if typed is None or typed == "":
        return None
    if field.kind is FieldKind.YESNO:
        return bool(typed == "yes")
    if field.kind is FieldKind.NUMBER:
        return plain_number(typed)
    return str(typed)

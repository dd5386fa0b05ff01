"""The form in which a bot's owner defines the settings of its servers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from wtforms import (
    BooleanField,
    DecimalField,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional

from socialcube.domain.guilds.policy import MAX_FIELDS, MAX_TEXT
from socialcube.domain.guilds.types import FieldKind, SettingField, SettingForm, SettingValue
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.forms.inline import EntryList
from socialcube.web.admin.forms.numbers import plain_number, read_number

KINDS: Final = {
    FieldKind.TEXT: "Text",
    FieldKind.NUMBER: "Number",
    FieldKind.CHOICE: "Choice",
    FieldKind.CHANNEL: "Channel",
    FieldKind.ROLE: "Role",
    FieldKind.YESNO: "Yes or no",
}
SECTIONS: Final = (
    Section(
        "What servers can set",
        "Each server that has this bot is asked for these, in this order. "
        "A command reads one as {{ settings.key }}, with the key of the field.",
        ("fields",),
    ),
)
_WITH_DEFAULT: Final = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.CHOICE, FieldKind.YESNO)
_WORDS: Final = {"yes": True, "no": False}


def _only(*kinds: FieldKind) -> dict[str, str]:
    """Name the kinds that a part belongs to; the page's script hides it for the others."""
    return {"data-kinds": " ".join(kinds)}


class FieldForm(Form):  # type: ignore[misc] # WTForms ships no types
    """One field that servers fill in. Services check it, so the form only reads it."""

    rows: ClassVar = (
        ("label", "kind"),
        "key",
        "help",
        "choices",
        ("min_value", "max_value"),
        "max_length",
        "default",
        "required",
    )

    label = StringField("Label", [DataRequired()], description="What servers read.")
    kind = SelectField("Type", choices=choices_of((kind.value, words) for kind, words in KINDS.items()))
    key = StringField(
        "Key",
        description="Commands write {{ settings.key }} with it. Left empty, it is made of the label. "
        "A changed key forgets what servers have set.",
        render_kw={"data-key": "", "autocapitalize": "none", "spellcheck": "false"},
    )
    help = StringField("Help", description="A sentence below the field.")
    choices = TextAreaField(
        "Choices",
        description="Of a choice: one on each line.",
        render_kw=_only(FieldKind.CHOICE) | {"rows": 4},
    )
    min_value = DecimalField(
        "Least", [Optional()], places=None, description="Of a number.", render_kw=_only(FieldKind.NUMBER)
    )
    max_value = DecimalField(
        "Most", [Optional()], places=None, description="Of a number.", render_kw=_only(FieldKind.NUMBER)
    )
    max_length = IntegerField(
        "Longest",
        [Optional()],
        description=f"Of a text, in characters. {MAX_TEXT} when left empty.",
        render_kw=_only(FieldKind.TEXT),
    )
    default = StringField(
        "Otherwise",
        description="What counts where a server sets nothing. For yes or no, write yes or no.",
        render_kw=_only(*_WITH_DEFAULT),
    )
    required = BooleanField("Required", description="A server's settings cannot be saved without it.")


class FieldsForm(PanelForm):
    """All fields of one bot."""

    fields = EntryList(FormField(FieldForm), "Fields", max_entries=MAX_FIELDS, description="Add field")


@dataclass(frozen=True, slots=True)
class Filled:
    """What fills the form."""

    fields: list[dict[str, Any]]
    version: int


def fill(form: SettingForm) -> Filled:
    """Write what is stored as people type it."""
    return Filled([_show(field) for field in form.fields], form.version)


def read_fields(typed: Iterable[Mapping[str, Any]]) -> list[SettingField]:
    """Give what was typed as fields. What does not belong to their kind is left out."""
    return [_read(entry) for entry in typed]


def make_key(label: str) -> str:
    """Make a key of a label: `Welcome channel` gives `welcome_channel`, empty when it has no letters."""
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_0123456789")[:32].rstrip("_")


def _show(field: SettingField) -> dict[str, Any]:
    default = field.default
    words = ("yes" if default else "no") if isinstance(default, bool) else default
    return {
        "label": field.label,
        "kind": field.kind.value,
        "key": field.key,
        "help": field.help,
        "choices": "\n".join(field.choices),
        "min_value": field.min_value,
        "max_value": field.max_value,
        "max_length": field.max_length,
        "default": "" if words is None else str(words),
        "required": field.required,
    }


def _read(typed: Mapping[str, Any]) -> SettingField:
    kind = FieldKind(typed["kind"])
    label = (typed["label"] or "").strip()
    lines = [line.strip() for line in (typed["choices"] or "").splitlines()]
    is_number = kind is FieldKind.NUMBER
    return SettingField(
        key=(typed["key"] or "").strip() or make_key(label),
        label=label,
        kind=kind,
        required=bool(typed["required"]),
        choices=tuple(filter(None, lines)) if kind is FieldKind.CHOICE else (),
        default=_read_default(kind, (typed["default"] or "").strip()),
        help=(typed["help"] or "").strip(),
        max_length=typed["max_length"] if kind is FieldKind.TEXT else None,
        min_value=plain_number(typed["min_value"]) if is_number else None,
        max_value=plain_number(typed["max_value"]) if is_number else None,
    )


def _read_default(kind: FieldKind, typed: str) -> SettingValue:
    """Read it; what cannot be read stays as it was typed, and the service says what it must be."""
    if not typed or kind not in _WITH_DEFAULT:
        return None
    if kind is FieldKind.YESNO:
        return _WORDS.get(typed.casefold(), typed)
    return read_number(typed) if kind is FieldKind.NUMBER else typed

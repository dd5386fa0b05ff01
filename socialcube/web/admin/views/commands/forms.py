"""The plain form of a command: name, description and options. Its steps are built elsewhere."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from wtforms import BooleanField, Form, FormField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from socialcube.domain.commands.documents.model import MAX_LABEL_LENGTH, MAX_OPTIONS
from socialcube.domain.commands.types import OptionType
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.forms.inline import EntryList

MAX_NAME_LENGTH: Final = 32
TYPES: Final = {
    OptionType.STRING: "Text",
    OptionType.INTEGER: "Whole number",
    OptionType.NUMBER: "Number",
    OptionType.BOOLEAN: "Yes or no",
    OptionType.USER: "Person",
    OptionType.CHANNEL: "Channel",
    OptionType.ROLE: "Role",
}
SECTIONS: Final = (
    Section(
        "What people type",
        "Shown in Discord's list of commands once it is published.",
        ("name", "description"),
    ),
    Section("Options", "What people fill in, in this order. Discord allows 25.", ("options",)),
)
_OF_THE_FORM: Final = ("name", "type", "description", "required")


class OptionForm(Form):  # type: ignore[misc] # WTForms ships no types
    """One field that people fill in."""

    rows: ClassVar = (("name", "type"), "description", "required")
    title_class: ClassVar = "mono"

    name = StringField("Name", [DataRequired(), Length(max=MAX_NAME_LENGTH)])
    type = SelectField("Type", choices=choices_of((kind.value, words) for kind, words in TYPES.items()))
    description = StringField(
        "Description",
        [DataRequired(), Length(max=MAX_LABEL_LENGTH)],
        description="People see it while they type.",
    )
    required = BooleanField("Required", description="Required options come before the others.")


class CommandForm(PanelForm):
    """What people type."""

    name = StringField(
        "Name",
        [
            DataRequired(),
            Length(max=MAX_NAME_LENGTH),
            Regexp(r"^[^/\s]+$", message="Leave out the slash and blanks."),
        ],
        description="1 to 32 small letters, digits, - and _, without the slash.",
    )
    description = StringField("Description", [DataRequired(), Length(max=MAX_LABEL_LENGTH)])
    options = EntryList(FormField(OptionForm), "Options", max_entries=MAX_OPTIONS, description="Add option")


class Filled:
    """What fills the form of a command.

    Args:
        document: its draft.
        edit: counts the changes of the draft.
    """

    def __init__(self, document: Mapping[str, Any], edit: int) -> None:
        self.name, self.description, self.version = document["name"], document["description"], edit
        self.options = [
            {key: option.get(key) for key in _OF_THE_FORM} for option in document.get("options", ())
        ]


def merge(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the draft with what the form says; steps and the rest stay."""
    known = {option["name"]: option for option in document.get("options", ())}
    options = [_merge_option(known.get(typed["name"], {}), typed) for typed in values["options"]]
    changed = {"name": values["name"], "description": values["description"], "options": options}
    return {**document, **changed}


def _merge_option(kept: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    # Choices and bounds fit one type only.
    is_same_type = kept.get("type") == typed["type"]
    rest = {key: kept[key] for key in kept if key not in _OF_THE_FORM} if is_same_type else {}
    required = {"required": True} if typed["required"] else {}
    return {key: typed[key] for key in _OF_THE_FORM[:3]} | required | rest

"""The list of commands of all bots, and the plain form of one: name, description and options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands import queries, service
from socialcube.domain.commands.documents.model import MAX_LABEL_LENGTH, MAX_OPTIONS
from socialcube.domain.commands.errors import CommandExistsError, CommandsInvalidError
from socialcube.domain.commands.models import Command
from socialcube.domain.commands.types import CommandView, OptionType
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.context import services
from socialcube.web.pages.commands.showing.states import Words, say_state
from socialcube.web.pages.commands.views.storing import parse

MAX_NAME_LENGTH = 32
TYPES = {
    OptionType.STRING: "Text",
    OptionType.INTEGER: "Whole number",
    OptionType.NUMBER: "Number",
    OptionType.BOOLEAN: "Yes or no",
    OptionType.USER: "Person",
    OptionType.CHANNEL: "Channel",
    OptionType.ROLE: "Role",
}
_OF_THE_FORM = ("name", "type", "description", "required")


class OptionForm(Form):  # type: ignore[misc] # WTForms ships no types
    """One field that people fill in."""

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
    options = FieldList(FormField(OptionForm), "Options", max_entries=MAX_OPTIONS, description="Add option")


@dataclass(frozen=True, slots=True)
class Row:
    """A command as a line of the list."""

    command: CommandView
    bot: str
    words: Words

    @property
    def id(self) -> UUID:
        """Give its key."""
        return self.command.id

    @property
    def bot_id(self) -> UUID:
        """Give the key of its bot."""
        return self.command.bot_id

    @property
    def name(self) -> str:
        """Give its name."""
        return self.command.name


class CommandsView(SecureView):
    """All commands of the bots that the person may see."""

    table = Command
    needs = Needs(
        view=Permission.COMMAND_VIEW,
        edit=Permission.COMMAND_EDIT,
        delete=Permission.COMMAND_EDIT,
        export=Permission.COMMAND_VIEW,
    )
    nav = "commands"
    noun = "command"

    column_list = ("name", "state", "bot", "updated_at")
    column_export_list = ("name", "state", "bot", "description", "updated_at")
    column_labels: ClassVar[dict[str, str]] = {"name": "Command", "updated_at": "Changed"}
    column_end = frozenset({"updated_at"})
    column_wide = frozenset({"bot"})
    column_state = "state"
    table_class = "tall"
    cells_template = "admin/cells/commands.html"
    sortable: ClassVar[Mapping[str, Any]] = {
        "name": Command.name,
        "bot": Bot.name,
        "updated_at": Command.updated_at,
    }
    searched = (Command.name, Command.description, Bot.name)
    search_words = "Command or bot"
    form = CommandForm
    sections = (
        Section(
            "What people type",
            "Shown in Discord's list of commands once it is published.",
            ("name", "description"),
        ),
        Section("Options", "What people fill in, in this order. Discord allows 25.", ("options",)),
    )
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {CommandExistsError: "name"}
    delete_help = "It goes with all its versions, and from Discord within a minute."

    def __init__(self) -> None:
        states = (("live", "Live"), ("draft", "Draft only"), ("off", "Off"))
        self.column_filters = (
            ChoiceFilter(
                "Bot", lambda: bot_choices(Permission.COMMAND_VIEW), lambda key: Command.bot_id == UUID(key)
            ),
            ChoiceFilter("State", states, _is_in_state),
        )
        super().__init__("commands", "Commands")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope."""
        return within_bots(Command.bot_id, scope)

    def query_for(self, permission: Permission) -> Query[Any]:
        """Give the commands of bots that are not deleted."""
        query = super().query_for(permission).join(Bot, Bot.id == Command.bot_id)
        return query.filter(Bot.deleted_at.is_(None))

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Say what is live of each."""
        session = services().session()
        names = dict(bot_choices(Permission.COMMAND_VIEW))
        found = (queries.find_command(session, row.id) for row in rows)
        return [Row(view, names.get(str(view.bot_id), ""), say_state(view)) for view in found if view]

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in a file."""
        values = {"name": row.name, "state": row.words.word, "bot": row.bot}
        return values.get(column) or getattr(row.command, column)

    def title_of(self, row: Any) -> str:
        """Write the name as people type it."""
        return f"/{row.name}"

    def object_url(self, row: Any) -> str | None:
        """Lead to the page where it is built."""
        return url_for("command.show", command_id=row.id)

    def url_after(self, key: str) -> str:
        """Lead to the page where it is built."""
        return url_for("command.show", command_id=key)

    def head_actions(self) -> list[MenuItem]:
        """Lead to the page that begins a command."""
        if not identity.scope(Permission.COMMAND_EDIT):
            return []
        return [MenuItem("New command", "plus", url_for("command.create"))]

    def empty(self) -> Empty:
        """Say how a command gets here."""
        actions = self.head_actions()
        href, label = (actions[0].url, actions[0].label) if actions else ("", "")
        return Empty(
            "No commands yet", "Build one without code, and try it before anyone sees it.", href, label
        )

    def form_source(self, row: Any) -> Any:
        """Fill the form from the draft."""
        draft = queries.get_draft(services().session(), row.bot_id, row.name)
        return _Filled(draft.document, draft.edit)

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Save the draft with what the form says; steps and the rest stay."""
        draft = queries.get_draft(uow.session, row.bot_id, row.name)
        document = parse(_merge(draft.document, values))
        service.save_draft(uow, actor, row.bot_id, row.name, document, edit=version)

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Take it away."""
        service.delete_command(uow, actor, row.bot_id, row.name)

    def tell(self, form: PanelForm, error: Exception) -> bool:
        """Put each problem of the document at its field."""
        if not isinstance(error, CommandsInvalidError):
            return False
        for problem in error.problems:
            anchor = problem.path.replace("[", "-").replace("].", "-").replace("]", "")
            field = next((field for field in _all_fields(form) if field.name == anchor), None)
            if field is None:
                form.problems.append(
                    f"{problem.path}: {problem.message}" if problem.path else problem.message
                )
            else:
                field.errors = [*field.errors, problem.message]
        return True


class _Filled:
    """What fills the form of a command."""

    def __init__(self, document: Mapping[str, Any], edit: int) -> None:
        self.name, self.description, self.version = document["name"], document["description"], edit
        self.options = [
            {key: option.get(key) for key in _OF_THE_FORM} for option in document.get("options", ())
        ]


def _merge(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    known = {option["name"]: option for option in document.get("options", ())}
    options = []
    for typed in values["options"]:
        kept = known.get(typed["name"], {})
        # Choices and bounds fit one type only.
        rest = (
            {key: value for key, value in kept.items() if key not in _OF_THE_FORM}
            if kept.get("type") == typed["type"]
            else {}
        )
        required = {"required": True} if typed["required"] else {}
        options.append({key: typed[key] for key in _OF_THE_FORM[:3]} | required | rest)
    changed = {"name": values["name"], "description": values["description"], "options": options}
    return {**document, **changed}


def _all_fields(form: PanelForm) -> list[Any]:
    return [*form, *(field for entry in form.options.entries for field in entry)]


def _is_in_state(word: str) -> ColumnElement[bool]:
    conditions = {
        "live": Command.published_version.is_not(None) & Command.is_active,
        "draft": Command.published_version.is_(None),
        "off": Command.published_version.is_not(None) & ~Command.is_active,
    }
    return conditions[word]

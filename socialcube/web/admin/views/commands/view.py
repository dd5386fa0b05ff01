"""The list of commands of all bots, and the plain form of one: name, description and options."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands import queries, service
from socialcube.domain.commands.errors import CommandExistsError, CommandsInvalidError
from socialcube.domain.commands.models import Command
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm
from socialcube.web.admin.forms.problems import tell_problems
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_filter
from socialcube.web.admin.views.commands.forms import SECTIONS, CommandForm, Filled, merge
from socialcube.web.admin.views.commands.rows import STATES, is_in_state, make_rows
from socialcube.web.context import services
from socialcube.web.pages.commands.views.storing import parse


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
    follows_choice = True
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
    sections = SECTIONS
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {CommandExistsError: "name"}
    delete_help = "It goes with all its versions, and from Discord within a minute."

    def __init__(self) -> None:
        self.column_filters = (
            bot_filter(Command.bot_id, Permission.COMMAND_VIEW, follows_choice=True),
            ChoiceFilter("State", STATES, is_in_state),
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
        return list(make_rows(rows))

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in a file."""
        return row.value_of(column)

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
        return Filled(draft.document, draft.edit)

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Save the draft with what the form says; steps and the rest stay."""
        draft = queries.get_draft(uow.session, row.bot_id, row.name)
        document = parse(merge(draft.document, values))
        service.save_draft(uow, actor, row.bot_id, row.name, document, edit=version)

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Take it away."""
        service.delete_command(uow, actor, row.bot_id, row.name)

    def tell(self, form: PanelForm, error: Exception) -> bool:
        """Put each problem of the document at its field."""
        if not isinstance(error, CommandsInvalidError):
            return False
        tell_problems(form, error.problems)
        return True

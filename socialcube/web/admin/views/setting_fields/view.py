"""The bots and what each asks its servers for, and the form that says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.errors import FieldsInvalidError
from socialcube.domain.guilds.types import SettingForm
from socialcube.web.admin.forms.base import PanelForm
from socialcube.web.admin.forms.problems import tell_problems
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.setting_fields.forms import SECTIONS, FieldsForm, fill, read_fields
from socialcube.web.context import services


@dataclass(frozen=True, slots=True)
class Row:
    """A bot as a line of the list."""

    id: UUID
    name: str
    form: SettingForm


class SettingFieldsView(SecureView):
    """The fields of all bots that the person may see. A bot that has none yet is there, too."""

    table = Bot
    needs = Needs(view=Permission.BOT_VIEW, edit=Permission.BOT_EDIT)
    nav = "bots"
    noun = "bot"

    column_list = ("name", "fields")
    column_labels: ClassVar[dict[str, str]] = {"name": "Bot", "fields": "What its servers can set"}
    column_state = "fields"
    cells_template = "admin/cells/setting_fields.html"
    sortable: ClassVar[Mapping[str, Any]] = {"name": Bot.name}
    searched = (Bot.name,)
    search_words = "Bot"
    form = FieldsForm
    sections = SECTIONS
    edit_template = "admin/setting_fields/edit.html"

    def __init__(self) -> None:
        super().__init__("setting_fields", "Setting fields", "bots/fields")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope."""
        return within_bots(Bot.id, scope)

    def query_for(self, permission: Permission) -> Query[Any]:
        """Give the bots that are not deleted."""
        return super().query_for(permission).filter(Bot.deleted_at.is_(None))

    def bot_id_of(self, row: Any) -> UUID | None:
        """Give the bot itself."""
        return UUID(str(row.id))

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Put the fields beside each bot."""
        session = services().session()
        return [Row(row.id, row.name, queries.get_form(session, row.id)) for row in rows]

    def object_url(self, row: Any) -> str | None:
        """Lead to the bot's settings."""
        return url_for("bot.show_settings", bot_id=row.id)

    def url_after(self, key: str) -> str:
        """Lead back to the bot's settings."""
        return url_for("bot.show_settings", bot_id=key)

    def empty(self) -> Empty:
        """Say how a bot gets here."""
        return Empty("No bots yet", "A bot that was connected can ask its servers for settings.")

    def form_source(self, row: Any) -> Any:
        """Fill the form from what is stored; a bot without fields has version 0."""
        return fill(queries.get_form(services().session(), row.id))

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Say which fields there are from now on."""
        service.define_fields(uow, actor, row.id, version=version, fields=read_fields(values["fields"]))

    def tell(self, form: PanelForm, error: Exception) -> bool:
        """Put each problem at its field."""
        if not isinstance(error, FieldsInvalidError):
            return False
        tell_problems(form, error.problems)
        return True

"""The list of bots and the form of one bot's name, description and tags."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service
from socialcube.domain.bots.models import Bot, BotState, BotTag
from socialcube.domain.bots.types import MAX_AT_ONCE
from socialcube.domain.bots.types import BulkAction as Wish
from socialcube.web import identity
from socialcube.web.admin.actions import BulkAction
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.menu import MenuItem, row_menu
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.bots.forms import ERROR_FIELDS, SECTIONS, BotForm, Filled, read_form
from socialcube.web.admin.views.bots.rows import STATES, is_in_state, list_tags, make_rows
from socialcube.web.context import services
from socialcube.web.pages.bots.bulk import Progress, ask_worker, find_progress, say_wish


class BotsView(SecureView):
    """All bots that the person may see."""

    table = Bot
    needs = Needs(view=Permission.BOT_VIEW, edit=Permission.BOT_EDIT, export=Permission.BOT_VIEW)
    nav = "bots"
    follows_choice = True
    noun = "bot"

    column_list = ("name", "state", "tags", "servers", "commands", "errors", "starts_left", "last_event")
    column_export_list = (
        "name",
        "state",
        "reason",
        "tags",
        "servers",
        "commands",
        "errors",
        "starts_left",
        "last_event",
    )
    column_labels: ClassVar[dict[str, str]] = {
        "name": "Bot",
        "commands": "Commands/h",
        "errors": "Errors/h",
        "last_event": "Last event",
    }
    column_end = frozenset({"servers", "commands", "errors", "starts_left", "last_event"})
    column_wide = frozenset({"tags", "starts_left", "last_event"})
    column_state = "state"
    cells_template = "admin/cells/bots.html"
    table_class = "tall fleet-list"
    list_template = "admin/bots/list.html"
    toolbar_template = "admin/bots/by_tag.html"
    sortable: ClassVar[Mapping[str, Any]] = {
        "name": Bot.name,
        "servers": BotState.guild_count,
        "starts_left": BotState.starts_left,
        "last_event": BotState.last_event_at,
    }
    searched = (Bot.name, Bot.description)
    search_words = "Name or description"
    bulk_actions = (
        BulkAction("start", "Start", "play", Permission.BOT_CONTROL),
        BulkAction("stop", "Stop", "stop", Permission.BOT_CONTROL),
        BulkAction("restart", "Restart", "restart", Permission.BOT_CONTROL),
    )

    form = BotForm
    sections = SECTIONS
    error_fields = ERROR_FIELDS

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("State", [(word, word) for word in STATES], is_in_state),
            ChoiceFilter("Tag", list_tags, lambda tag: Bot.tags.any(BotTag.tag == tag)),
        )
        super().__init__("bots", "Bots")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope."""
        return within_bots(Bot.id, scope)

    def query_for(self, permission: Permission) -> Query[Any]:
        """Give the bots that are not deleted, with what was seen of them."""
        query = super().query_for(permission).join(BotState, BotState.bot_id == Bot.id)
        return query.filter(Bot.deleted_at.is_(None))

    def bot_id_of(self, row: Any) -> UUID | None:
        """Give the bot itself."""
        return UUID(str(row.id))

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Say the state of all these bots at once."""
        return list(make_rows(rows))

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in a file."""
        return row.value_of(column)

    def object_url(self, row: Any) -> str | None:
        """Lead to the page of the bot."""
        return url_for("bot.show", bot_id=row.id)

    def url_after(self, key: str) -> str:
        """Lead to the page of the bot."""
        return url_for("bot.show", bot_id=key)

    def head_actions(self) -> list[MenuItem]:
        """Lead to the page that connects a new bot, and to those that can come back."""
        places = (
            ("Deleted", "trash", "bot.show_deleted", Permission.BOT_DELETE),
            ("New bot", "plus", "new_bot.show", Permission.BOT_CREATE),
        )
        return [
            MenuItem(label, icon, url_for(endpoint))
            for label, icon, endpoint, permission in places
            if endpoint in current_app.view_functions and identity.scope(permission)
        ]

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Add what can be wished of the bot."""
        items = row_menu(self, row)
        if identity.scope(Permission.BOT_CONTROL).allows(row.id):
            url = self.url_of("action_view")
            items += [MenuItem(action.label, action.icon, url, action.name) for action in self.bulk_actions]
        return items

    def empty(self) -> Empty:
        """Say how a bot gets here."""
        actions = self.head_actions()
        href, label = (actions[0].url, actions[0].label) if actions else ("", "")
        return Empty(
            "No bots yet", "Paste a bot's token to connect it. It takes about a minute.", href, label
        )

    def form_source(self, row: Any) -> Filled:
        """Write the tags in one line."""
        return Filled.of(row)

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Change what people call it."""
        service.edit_bot(uow, actor, row.id, version=version, **read_form(values))

    def run_action(self, action: BulkAction, rows: list[Any]) -> tuple[int, list[str]]:
        """Wish it of a few at once; of many a worker does it step by step, so that never all are offline."""
        names = {row.id: row.name for row in rows}
        if len(rows) > MAX_AT_ONCE:
            # Its progress stands above the list.
            ask_worker(Wish(action.name), names)
            return 0, []
        with services().unit_of_work() as uow:
            outcome = service.change_bots(uow, identity.actor(), names, Wish(action.name))
            uow.commit()
        problems = [f"{names[bot_id]}: {sentence}" for bot_id, sentence in outcome.refused.items()]
        return len(outcome.done), problems

    def say_done(self, action: BulkAction, count: int) -> str:
        """Say how long it takes, too."""
        return say_wish(Wish(action.name), count)

    def list_wishable_tags(self) -> list[tuple[str, int]]:
        """List the tags of bots that the person may start and stop, each with how many these are."""
        scope = identity.scope(Permission.BOT_CONTROL)
        return bots.list_tags(services().session(), scope=scope) if scope else []

    def find_progress(self) -> Progress | None:
        """Find how far the person's change of many bots is."""
        return find_progress(services().session())

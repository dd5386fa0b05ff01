"""The list of bots and the form of one bot's name, description and tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import InvalidBotDescriptionError, InvalidBotNameError, InvalidTagsError
from socialcube.domain.bots.models import Bot, BotState, BotTag
from socialcube.domain.bots.types import (
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    BotView,
    StateWords,
)
from socialcube.domain.bots.types import BulkAction as Wish
from socialcube.domain.overview import queries as overview
from socialcube.domain.overview.types import BotFigures
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import identity
from socialcube.web.admin.actions import BulkAction
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.lists.filters import ChoiceFilter, Choices
from socialcube.web.admin.lists.menu import MenuItem, row_menu
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.context import services
from socialcube.web.pages import states

STATES = ("Online", "Starting", "Reconnecting", "Stopping", "Unstable", "Needs you", "Failed", "Stopped")


@dataclass(frozen=True, slots=True)
class Row:
    """A bot as a line of the list."""

    bot: BotView
    words: StateWords
    figures: BotFigures | None

    @property
    def id(self) -> UUID:
        """Give its key."""
        return self.bot.id

    @property
    def name(self) -> str:
        """Give its name."""
        return self.bot.name


class BotForm(PanelForm):
    """What people call a bot, and by which words they find it."""

    name = StringField("Name", [DataRequired(), Length(max=MAX_NAME_LENGTH)])
    description = TextAreaField("Description", [Length(max=MAX_DESCRIPTION_LENGTH)])
    tags = StringField("Tags", description="Separated by commas, like: client, studio.")


@dataclass(frozen=True, slots=True)
class Filled:
    """What fills the form of a bot."""

    name: str
    description: str
    tags: str
    version: int


class BotsView(SecureView):
    """All bots that the person may see."""

    table = Bot
    needs = Needs(view=Permission.BOT_VIEW, edit=Permission.BOT_EDIT, export=Permission.BOT_VIEW)
    nav = "bots"
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
    table_class = "tall"
    sortable: ClassVar[Mapping[str, Any]] = {
        "name": Bot.name,
        "servers": BotState.guild_count,
        "starts_left": BotState.starts_left,
        "last_event": BotState.last_event_at,
    }
    searched = (Bot.name, Bot.description)
    search_words = "Name or description"
    bulk_actions = (
        BulkAction(
            "start", "Start", "play", Permission.BOT_CONTROL, "{count} told to start, one after another."
        ),
        BulkAction("stop", "Stop", "stop", Permission.BOT_CONTROL, "{count} told to stop."),
        BulkAction("restart", "Restart", "restart", Permission.BOT_CONTROL, "{count} told to restart."),
    )

    form = BotForm
    sections = (
        Section(
            "What people call it",
            "Shown in this panel only. What people see in Discord is changed there.",
            ("name", "description"),
        ),
        Section("How it is found", "Lists are filtered by tags, and many bots are chosen by one.", ("tags",)),
    )
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {
        InvalidBotNameError: "name",
        InvalidBotDescriptionError: "description",
        InvalidTagsError: "tags",
    }

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("State", [(word, word) for word in STATES], _is_in_state),
            ChoiceFilter("Tag", _tags, lambda tag: Bot.tags.any(BotTag.tag == tag)),
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
        found = {state.bot.id: state for state in states.list_states(services().session(), _view_scope())}
        figures = overview.list_bot_figures(
            services().session(), _view_scope(), "1h", services().shared.clock.now()
        )
        states_of_rows = [found[row.id] for row in rows if row.id in found]
        return [Row(state.bot, state.words, figures.get(state.bot.id)) for state in states_of_rows]

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in a file."""
        seen = row.bot.state
        values = {
            "name": row.name,
            "state": row.words.word,
            "reason": row.words.sentence,
            "tags": ", ".join(row.bot.tags),
            "servers": seen.guild_count,
            "commands": row.figures.commands if row.figures else None,
            "errors": row.figures.errors if row.figures else None,
            "starts_left": seen.starts_left,
            "last_event": seen.last_event_at,
        }
        return values[column]

    def object_url(self, row: Any) -> str | None:
        """Lead to the page of the bot."""
        return url_for("bot.show", bot_id=row.id)

    def url_after(self, key: str) -> str:
        """Lead to the page of the bot."""
        return url_for("bot.show", bot_id=key)

    def head_actions(self) -> list[MenuItem]:
        """Lead to the page that connects a new bot."""
        is_there = "new_bot.show" in current_app.view_functions
        if not is_there or not identity.scope(Permission.BOT_CREATE):
            return []
        return [MenuItem("New bot", "plus", url_for("new_bot.show"))]

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
        return Filled(row.name, row.description, ", ".join(tag.tag for tag in row.tags), row.version)

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Change what people call it."""
        tags = [tag.strip() for tag in values["tags"].split(",") if tag.strip()]
        service.edit_bot(
            uow,
            actor,
            row.id,
            version=version,
            name=values["name"],
            description=values["description"] or "",
            tags=tags,
        )

    def run_action(self, action: BulkAction, rows: list[Any]) -> tuple[int, list[str]]:
        """Wish it of all of them in one transaction."""
        names = {row.id: row.name for row in rows}
        with services().unit_of_work() as uow:
            outcome = service.change_bots(uow, identity.actor(), names, Wish(action.name))
            uow.commit()
        problems = [f"{names[bot_id]}: {sentence}" for bot_id, sentence in outcome.refused.items()]
        return len(outcome.done), problems


def _view_scope() -> Scope:
    return identity.scope(Permission.BOT_VIEW)


def _tags() -> Choices:
    return [(tag, tag) for tag, _ in queries.list_tags(services().session(), scope=_view_scope())]


def _is_in_state(word: str) -> ColumnElement[bool]:
    # A state is folded from what was wished, seen and is alive now, which no column holds.
    found = states.list_states(services().session(), _view_scope())
    return Bot.id.in_([state.bot.id for state in found if state.words.word == word])

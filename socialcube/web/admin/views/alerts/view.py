"""Alerts: what is wrong with bots now, and what was."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask import url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Scope, Subject
from socialcube.domain.alerts import queries
from socialcube.domain.alerts.models import Alert
from socialcube.web import identity
from socialcube.web.admin.lists.filters import ChoiceFilter, MomentFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_filter
from socialcube.web.context import services
from socialcube.web.pages.alert_words import (
    KINDS,
    NEWS,
    alert_state,
    alert_title,
    message_state,
    told_words,
)

_STATES: Final = (("open", "Open"), ("past", "Past"))


class AlertsView(SecureView):
    """The alerts that people were told of, the newest first. They are made by looking, never by hand."""

    table = Alert
    needs = Needs(view=Permission.BOT_VIEW, export=Permission.BOT_VIEW)
    nav = "alerts"
    noun = "alert"
    follows_choice = True

    column_list = ("bot_name", "state", "sentence", "began_at", "ended_at", "told")
    column_details_list = ("state", "sentence", "remedy", "began_at", "told_at", "ended_at")
    column_labels: ClassVar[dict[str, str]] = {
        "bot_name": "Bot",
        "sentence": "Why",
        "remedy": "What to do",
        "began_at": "Since",
        "told_at": "Told",
        "ended_at": "Over",
        "told": "Who knows",
    }
    column_end = frozenset({"began_at", "ended_at"})
    column_wide = frozenset({"sentence", "ended_at"})
    column_state = "state"
    cells_template = "admin/cells/alerts.html"
    list_template = "admin/alerts/list.html"
    details_template = "admin/alerts/details.html"
    table_class = "flush"
    words_for_paging = ("Newer", "Older")
    sortable: ClassVar[Mapping[str, Any]] = {
        "bot_name": Alert.bot_name,
        "began_at": Alert.began_at,
        "ended_at": Alert.ended_at,
    }
    default_sort = ("began_at", True)
    searched = (Alert.bot_name, Alert.sentence)
    search_words = "Bot or reason"

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("State", _STATES, _has_state),
            ChoiceFilter(
                "Kind",
                [(kind.value, words) for kind, words in KINDS.items()],
                lambda kind: Alert.kind == kind,
            ),
            bot_filter(Alert.bot_id, Permission.BOT_VIEW, follows_choice=True),
            MomentFilter("From", "after", lambda moment: Alert.began_at >= moment),
            MomentFilter("Until", "before", lambda moment: Alert.began_at < moment),
        )
        super().__init__("alerts", "Alerts")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope."""
        return within_bots(Alert.bot_id, scope)

    def query_for(self, permission: Permission) -> Query[Any]:
        """Leave out what passed before anybody was told, or may still."""
        return super().query_for(permission).filter(Alert.told_at.is_not(None))

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Add the words, and who knows of each."""
        counts = queries.count_messages(services().session(), [row.id for row in rows])
        for row in rows:
            row.view = queries.to_alert(row)
            row.words, row.told = alert_state(row.view), told_words(counts[row.id])
        return rows

    def title_of(self, row: Any) -> str:
        """Name the bot and what is wrong."""
        return alert_title(queries.to_alert(row))

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Lead to the bot, too."""
        return [
            *super().menu_of(row),
            MenuItem("Open bot", "bot", url_for("bot.show", bot_id=row.bot_id)),
        ]

    def head_actions(self) -> list[MenuItem]:
        """Offer a channel: an alert that nobody hears is of little use."""
        if not identity.scope(Permission.ALERT_EDIT):
            return []
        return [MenuItem("New channel", "plus", url_for("alert_channels.create_view"))]

    def details_values(self, row: Any) -> dict[str, Any]:
        """Add what was told; and to whom, for those who may change that."""
        self.prepare([row])
        messages = queries.list_messages(services().session(), row.id)
        said = [(message, NEWS[message.news], message_state(message)) for message in messages]
        sees_channels = can(identity.actor(), Permission.ALERT_EDIT, Subject.bot(row.bot_id))
        return super().details_values(row) | {"messages": said, "sees_channels": sees_channels}

    def export_value(self, row: Any, column: str) -> Any:
        """Write states as words."""
        words = {"state": row.words.word, "told": row.told.word}
        return words[column] if column in words else super().export_value(row, column)

    def empty(self) -> Empty:
        """Say what stands here."""
        words = (
            "When a bot stops, keeps crashing, needs you or loses Discord, it stands here until it is back."
        )
        if not identity.scope(Permission.ALERT_EDIT):
            return Empty("No bot was in trouble", words)
        return Empty(
            "No bot was in trouble",
            words,
            url_for("alert_channels.index_view"),
            "Choose who is told",
        )


def _has_state(word: str) -> ColumnElement[bool]:
    return Alert.ended_at.is_(None) if word == "open" else Alert.ended_at.is_not(None)

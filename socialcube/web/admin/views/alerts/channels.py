"""Channels: who is told, by what, of which bots; with a test of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import redirect, request
from flask_admin import expose
from sqlalchemy import ColumnElement, and_, true
from werkzeug.wrappers import Response

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.alerts import queries, service
from socialcube.domain.alerts.errors import (
    InvalidAddressError,
    InvalidChannelNameError,
    MailNotSetUpError,
)
from socialcube.domain.alerts.models import AlertChannel
from socialcube.domain.alerts.policy import read_address
from socialcube.domain.alerts.types import Address, ChannelKind
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.ids import read_id
from socialcube.kernel.secrets import Secret
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.alerts.forms import (
    EDIT_SECTIONS,
    EVERY_BOT,
    SECTIONS,
    ChannelForm,
    offer,
    read_place,
)
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.auth import limits
from socialcube.web.context import services, settings
from socialcube.web.pages.alert_words import channel_state

KINDS: Final = {ChannelKind.DISCORD: "Discord webhook", ChannelKind.MAIL: "E-mail"}


@dataclass(frozen=True, slots=True)
class Filled:
    """What fills the form of a channel. Its address is never among it."""

    name: str
    place: str
    is_on: bool
    version: int
    address: str = ""


class AlertChannelsView(SecureView):
    """The channels of the bots whose alerts the person may give to others, and those of every bot."""

    table = AlertChannel
    needs = Needs(
        view=Permission.ALERT_EDIT,
        create=Permission.ALERT_EDIT,
        edit=Permission.ALERT_EDIT,
        delete=Permission.ALERT_EDIT,
        export=Permission.ALERT_EDIT,
    )
    more_endpoints: ClassVar[Mapping[str, Operation]] = {"test_view": Operation.EDIT}
    nav = "alerts"
    noun = "channel"

    column_list = ("name", "state", "kind", "shown", "bot_id", "last_sent_at")
    column_details_list = ("state", "kind", "shown", "bot_id", "last_sent_at", "made_by", "created_at")
    column_labels: ClassVar[dict[str, str]] = {
        "shown": "Leads to",
        "bot_id": "Bots",
        "last_sent_at": "Last told",
        "made_by": "Made by",
        "created_at": "Made",
    }
    column_end = frozenset({"last_sent_at"})
    column_wide = frozenset({"kind", "last_sent_at"})
    column_state = "state"
    cells_template = "admin/cells/alert_channels.html"
    list_template = "admin/alerts/list.html"
    details_template = "admin/alerts/channel.html"
    table_class = "flush"
    sortable: ClassVar[Mapping[str, Any]] = {
        "name": AlertChannel.name,
        "last_sent_at": AlertChannel.last_sent_at,
    }
    searched = (AlertChannel.name, AlertChannel.shown)
    search_words = "Name or address"
    form = ChannelForm
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {
        InvalidAddressError: "address",
        MailNotSetUpError: "address",
        InvalidChannelNameError: "name",
    }
    delete_help = "Nothing is told through it any more. Its address is destroyed."
    delete_verb = ("Remove", "was removed")
    types_name = False

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("State", (("on", "On"), ("trouble", "In trouble"), ("off", "Off")), _has_state),
            ChoiceFilter(
                "Kind",
                [(kind.value, words) for kind, words in KINDS.items()],
                lambda kind: AlertChannel.kind == kind,
            ),
            ChoiceFilter("Bot", _bots, _is_of),
        )
        super().__init__("alert_channels", "Alert channels", "alerts/channels")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to channels of one's bots; those of every bot are for who may change every bot's."""
        return true() if scope.is_all else within_bots(AlertChannel.bot_id, scope)

    @expose("/test/", methods=("POST",))
    def test_view(self) -> Response:
        """Ask for a test, and show its answer as soon as there is one."""
        key = request.values.get("id", "")
        row = self.get_for(Operation.EDIT, key)
        limits.politely(limits.QUESTIONS)
        with services().unit_of_work() as uow:
            job_id = service.ask_test(uow, identity.actor(), row.id)
            uow.commit()
        return redirect(self.url_of("details_view", id=key, test=job_id), 303)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Add the words."""
        for row in rows:
            row.view = queries.to_channel(row)
            row.words = channel_state(row.view)
            row.kind_words = KINDS[row.view.kind]
        return rows

    def details_values(self, row: Any) -> dict[str, Any]:
        """Add the answer to the test that the address names."""
        self.prepare([row])
        waits = queries.has_waiting(services().session(), row.id)
        return super().details_values(row) | {"test": _find_test(row.id), "waits": waits}

    def sections_of(self, form: PanelForm) -> tuple[Section, ...]:
        """Let nobody add a channel that is switched off."""
        return EDIT_SECTIONS if form.version.data else SECTIONS

    def prepare_form(self, form: PanelForm, row: Any) -> None:
        """Offer the bots."""
        offer(form, is_new=row is None)

    def form_source(self, row: Any) -> Any:
        """Fill in what may be shown again."""
        return Filled(row.name, str(row.bot_id or EVERY_BOT), row.is_on, row.version)

    def url_after(self, key: str) -> str:
        """Lead to the channel, where a test can be sent."""
        return self.url_of("details_view", id=key)

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Add a channel."""
        return service.create_channel(
            uow,
            actor,
            services().addresses,
            name=values["name"],
            address=_read_address(values["address"] or ""),
            bot_id=read_place(values["place"]),
        )

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Change a channel."""
        typed = (values["address"] or "").strip()
        service.edit_channel(
            uow,
            actor,
            services().addresses,
            row.id,
            version=version,
            name=values["name"],
            bot_id=read_place(values["place"]),
            is_on=values["is_on"],
            address=_read_address(typed) if typed else None,
        )

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Remove a channel."""
        service.delete_channel(uow, actor, row.id)

    def export_value(self, row: Any, column: str) -> Any:
        """Write states and kinds as words."""
        words = {"state": row.words.word, "kind": row.kind_words}
        return words[column] if column in words else super().export_value(row, column)

    def empty(self) -> Empty:
        """Say what channels are for."""
        return Empty(
            "Nobody is told yet",
            "A channel tells people in Discord or by e-mail when a bot is in trouble, and when it is back.",
            self.url_of("create_view"),
            "New channel",
        )


def _read_address(text: str) -> Address:
    address = read_address(Secret(text), api_base_url=settings().discord.api_base_url)
    if address.kind is ChannelKind.MAIL and settings().mail is None:
        raise MailNotSetUpError
    return address


def _find_test(channel_id: UUID) -> JobView | None:
    job_id = read_id(request.args.get("test", ""))
    job = jobs.find_job(services().session(), job_id) if job_id else None
    if job is None or job.kind != JobKind.TEST_ALERT or job.payload.get("channel_id") != str(channel_id):
        return None
    return job


def _bots() -> list[tuple[str, str]]:
    every = [(EVERY_BOT, "Every bot")] if identity.scope(Permission.ALERT_EDIT).is_all else []
    return every + bot_choices(Permission.ALERT_EDIT)


def _is_of(key: str) -> ColumnElement[bool]:
    return AlertChannel.bot_id.is_(None) if key == EVERY_BOT else AlertChannel.bot_id == UUID(key)


def _has_state(word: str) -> ColumnElement[bool]:
    conditions = {
        "on": and_(AlertChannel.is_on.is_(True), AlertChannel.problem == ""),
        "trouble": and_(AlertChannel.is_on.is_(True), AlertChannel.problem != ""),
        "off": AlertChannel.is_on.is_(False),
    }
    return conditions[word]

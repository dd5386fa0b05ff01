"""Links that wait for somebody to accept them."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask import request
from flask_admin import expose
from sqlalchemy import ColumnElement, and_
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.models import Invite
from socialcube.domain.accounts.queries.grants import is_within
from socialcube.domain.accounts.types import MAX_NOTE_LENGTH
from socialcube.web import identity
from socialcube.web.access.choosing import NoPlaceError, giveable_choices, place_choices, read_place
from socialcube.web.access.links import invite_url
from socialcube.web.access.members import LIVES, read_life
from socialcube.web.admin.drawing import place_name
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.forms.views import Answer
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_filter
from socialcube.web.admin.views.grants import NOTHING
from socialcube.web.admin.views.role_filters import group_choices, names_role, of_group, role_choices
from socialcube.web.context import services

_CREATED = 201


class InviteForm(PanelForm):
    """What a link gives."""

    note = StringField(
        "For whom",
        [Length(max=MAX_NOTE_LENGTH)],
        description="For you and your colleagues, to tell links apart.",
    )
    role_id = SelectField("Role", [DataRequired()], description="You can give only what you hold yourself.")
    place = SelectField("Where", [DataRequired()], render_kw={"data-role": "combobox"})
    hours = SelectField(
        "Works for", choices=choices_of((str(hours), words) for hours, words in LIVES), default="168"
    )


class InvitesView(SecureView):
    """Open invites to the places whose members the person manages."""

    table = Invite
    needs = Needs(
        view=Permission.MEMBER_MANAGE, create=Permission.MEMBER_MANAGE, delete=Permission.MEMBER_MANAGE
    )
    recent_for = frozenset({Operation.CREATE, Operation.DELETE})
    nav = "people"
    noun = "invite"

    column_list = ("for_whom", "role", "where", "made_by", "created_at", "expires_at")
    column_details_list = column_list
    column_labels: ClassVar[dict[str, str]] = {
        "for_whom": "For",
        "made_by": "Made by",
        "created_at": "Made",
        "expires_at": "Ends",
    }
    column_end = frozenset({"created_at", "expires_at"})
    column_wide = frozenset({"made_by", "created_at"})
    column_state = "role"
    cells_template = "admin/cells/invites.html"
    list_template = "admin/people/list.html"
    create_template = "admin/invites/create.html"
    details_template = "admin/invites/details.html"
    table_class = "flush"
    new_title = "Invite by link"
    sortable: ClassVar[Mapping[str, Any]] = {"created_at": Invite.created_at, "expires_at": Invite.expires_at}
    default_sort = ("created_at", True)
    form = InviteForm
    sections = (
        Section("What the link gives", "To whoever opens it first and signs in.", ("role_id", "place")),
        Section("The link", "It works once, and is shown once: right after you make it.", ("note", "hours")),
    )
    error_fields: ClassVar[Mapping[Any, str]] = {NoPlaceError: "place"}
    delete_help = "The link stops working at once."
    delete_verb = ("Cancel", "was cancelled")
    types_name = False

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("Role", role_choices, lambda key: names_role(Invite, key)),
            bot_filter(Invite.bot_id, Permission.MEMBER_MANAGE),
            ChoiceFilter("Group", group_choices, lambda key: of_group(Invite, key)),
        )
        super().__init__("invites", "Invites", "people/invites")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to places that lie in the scope, and to links that still work."""
        return and_(is_within(Invite, scope), Invite.expires_at > services().shared.clock.now())

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Answer:
        """Show an empty form, or the link that a filled one makes: this once."""
        form = self.fill_form(None, request.form if request.method == "POST" else None)
        if request.method == "POST" and form.validate():
            made: Any = self.create_model(form)
            if made is not None:
                link, listed = invite_url(made.code), self.url_of("index_view")
                page = self.render("admin/invites/made.html", title=self.new_title, link=link, listed=listed)
                return page, _CREATED
        return self._render_form(self.create_template, form), 422 if form.summary() else 200

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Put the words beside the keys."""
        session, now = services().session(), services().shared.clock.now()
        scope = identity.scope(Permission.MEMBER_MANAGE)
        views = {view.id: view for view in queries.list_invites(session, now, scope=scope)}
        for row in rows:
            row.role, row.place = views[row.id].role, views[row.id].place
        return rows

    def details_values(self, row: Any) -> dict[str, Any]:
        """Put the words beside the keys."""
        self.prepare([row])
        return super().details_values(row)

    def title_of(self, row: Any) -> str:
        """Name the role and the place."""
        if not hasattr(row, "place"):
            self.prepare([row])
        return f"{row.role.name} on {place_name(row.place)}"

    def head_actions(self) -> list[MenuItem]:
        """Say what the button does."""
        return [MenuItem("Invite by link", "plus", self.url_of("create_view"))]

    def prepare_form(self, form: PanelForm, row: Any) -> None:  # noqa: ARG002 - invites are made, never changed
        """Offer roles, and the places whose members the person manages."""
        session, actor = services().session(), identity.actor()
        form.role_id.choices = choices_of([NOTHING, *giveable_choices(session, actor)])
        form.place.choices = choices_of([NOTHING, *place_choices(session, actor)])

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Make the link."""
        place = read_place(values["place"])
        return service.make_invite(
            uow,
            actor,
            role_id=UUID(values["role_id"]),
            bot_id=place.bot_id,
            group_id=place.group_id,
            life=read_life(values["hours"]),
            note=values["note"] or "",
        )

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Let the link work no more."""
        service.cancel_invite(uow, actor, row.id)

    def empty(self) -> Empty:
        """Say what stands here."""
        words = "A link gives a role to whoever opens it first. Send one to a new colleague."
        return Empty("No open invites", words, self.url_of("create_view"), "Invite by link")

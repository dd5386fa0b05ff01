"""Everybody who may sign in, and who was invited to."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import InvalidExternalIdError, UserExistsError
from socialcube.domain.accounts.models import Grant, User
from socialcube.domain.accounts.queries.grants import touches
from socialcube.domain.accounts.types import MAX_NAME_LENGTH, GrantView
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import identity
from socialcube.web.admin.actions import BulkAction
from socialcube.web.admin.drawing import place_name
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.scoping import on_site
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.admin.views.role_filters import names_role, role_choices
from socialcube.web.context import services

ACCOUNTS: Final = {"on": "May sign in", "off": "Switched off", "invited": "Never signed in"}
"""How an account can stand, in words."""


class InviteForm(PanelForm):
    """Who may come."""

    external_id = StringField(
        "Discord id",
        [DataRequired(), Regexp(r"^[0-9]{1,19}$", message="An id is a number of 17 to 19 digits.")],
        description="In Discord switch on developer mode, then choose Copy User ID in the person's menu.",
    )
    name = StringField("Name", [Length(max=MAX_NAME_LENGTH)], description="Until the person signs in.")


class PersonForm(PanelForm):
    """Whether somebody may sign in."""

    is_disabled = BooleanField(
        "Switched off", description="Ends all sessions within two seconds. Grants stay."
    )


class PeopleView(SecureView):
    """People and their roles."""

    table = User
    needs = Needs(
        view=Permission.SITE_ADMIN,
        create=Permission.SITE_ADMIN,
        edit=Permission.SITE_ADMIN,
        export=Permission.SITE_ADMIN,
    )
    recent_for = frozenset({Operation.CREATE, Operation.EDIT})
    nav = "people"
    noun = "person"

    column_list = ("name", "account", "roles", "last_seen_at")
    column_export_list = ("name", "external_id", "account", "roles", "last_seen_at", "created_at")
    column_details_list = ("name", "external_id", "account", "last_seen_at", "created_at")
    column_labels: ClassVar[dict[str, str]] = {
        "name": "Person",
        "external_id": "Discord id",
        "last_seen_at": "Last seen",
        "created_at": "Here since",
    }
    column_end = frozenset({"last_seen_at"})
    column_wide = frozenset({"roles"})
    column_state = "account"
    cells_template = "admin/cells/people.html"
    list_template = "admin/people/list.html"
    details_template = "admin/people/details.html"
    sortable: ClassVar[Mapping[str, Any]] = {"name": User.name, "last_seen_at": User.last_seen_at}
    searched = (User.name, User.display_name, cast(User.external_id, String))
    search_words = "Name or Discord id"
    bulk_actions = (
        BulkAction(
            "sign_out",
            "Sign out",
            "external",
            Permission.SITE_ADMIN,
            "All sessions of {count} ended.",
            confirm="All browsers in which they are signed in are signed out within two seconds.",
        ),
    )
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {
        InvalidExternalIdError: "external_id",
        UserExistsError: "external_id",
    }
    form = PersonForm

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("Account", tuple(ACCOUNTS.items()), _has_account),
            ChoiceFilter("Role", role_choices, lambda key: _has_grant(names_role(Grant, key))),
            ChoiceFilter(
                "Reaches bot",
                lambda: bot_choices(Permission.SITE_ADMIN),
                lambda key: _has_grant(touches([UUID(key)])),
            ),
        )
        super().__init__("people", "People")

    def get_create_form(self) -> type[PanelForm]:
        """Ask for an id to invite somebody."""
        return InviteForm

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Show all or nothing: people belong to the site."""
        return on_site(scope)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Add what all of them were granted, read at once."""
        grants = defaultdict[object, list[GrantView]](list)
        for grant in queries.list_grants(services().session(), user_ids=[row.id for row in rows]):
            grants[grant.user_id].append(grant)
        for row in rows:
            row.grants = grants[row.id]
        return rows

    def title_of(self, row: Any) -> str:
        """Call a person as they call themselves."""
        return str(row.display_name or row.name)

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in a file; ids as text, since spreadsheets round them."""
        match column:
            case "name":
                return self.title_of(row)
            case "external_id":
                return str(row.external_id)
            case "account":
                return ACCOUNTS[account_of(row)]
            case "roles":
                return "; ".join(f"{grant.role.name} on {place_name(grant.place)}" for grant in row.grants)
        return getattr(row, column)

    def details_values(self, row: Any) -> dict[str, Any]:
        """Add roles and sessions."""
        session, now = services().session(), services().shared.clock.now()
        return super().details_values(row) | {
            "grants": queries.list_grants(session, user_id=row.id),
            "sessions": queries.list_sessions(session, row.id, now),
        }

    def sections_of(self, form: PanelForm) -> tuple[Section, ...]:
        """Ask a new person for other things than one who is here."""
        if isinstance(form, InviteForm):
            purpose = "They sign in with Discord. What they may do is granted afterwards."
            return (Section("Who may come", purpose, ("external_id", "name")),)
        return (Section("Account", "Whether this person may sign in.", ("is_disabled",)),)

    def url_after(self, key: str) -> str:
        """Lead to the person, where roles are given."""
        return str(self.url_of("details_view", id=key))

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Invite somebody."""
        return service.invite_person(uow, actor, int(values["external_id"]), name=values["name"] or "").id

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Switch the account off or on."""
        service.set_disabled(uow, actor, row.id, disabled=values["is_disabled"], version=version)

    def do_sign_out(self, row: Any) -> None:
        """End all sessions of a person."""
        with services().unit_of_work() as uow:
            service.end_all_sessions(uow, identity.actor(), row.id)
            uow.commit()

    def empty(self) -> Empty:
        """Say how people get here."""
        url = self.url_of("create_view") if self.may(Operation.CREATE) else ""
        return Empty(
            "Nobody yet",
            "Invite somebody by their Discord id, or by a link.",
            url,
            "Invite somebody" if url else "",
        )


def account_of(row: Any) -> str:
    """Give how an account stands, as a key of `ACCOUNTS`."""
    if row.is_disabled:
        return "off"
    return "on" if row.last_seen_at else "invited"


def _has_account(word: str) -> ColumnElement[bool]:
    conditions = {
        "on": ~User.is_disabled & User.last_seen_at.is_not(None),
        "off": User.is_disabled.is_(True),
        "invited": ~User.is_disabled & User.last_seen_at.is_(None),
    }
    return conditions[word]


def _has_grant(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Grant.user_id == User.id, condition)

"""Who has which role where."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, func, select
from wtforms import SelectField
from wtforms.validators import DataRequired

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.models import Grant, User
from socialcube.web import identity
from socialcube.web.admin.drawing import bot_name
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.lookups import MAX_FOUND, Lookup
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.scoping import within_bots
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.context import services
from socialcube.web.extensions import db

SITE = "site"

#: Nothing is chosen at first: a click too early must not make anybody an owner of everything.
_NOTHING = ("", "Choose …")


class GrantForm(PanelForm):
    """A role for a person."""

    user_id = SelectField("Person", [DataRequired()], validate_choice=False)
    role_id = SelectField("Role", [DataRequired()], description="You can give only what you hold yourself.")
    bot_id = SelectField("Where", [DataRequired()], render_kw={"data-role": "combobox"})


class GrantsView(SecureView):
    """Roles that were given, on the bots whose members the person manages."""

    table = Grant
    needs = Needs(
        view=Permission.MEMBER_MANAGE, create=Permission.MEMBER_MANAGE, delete=Permission.MEMBER_MANAGE
    )
    recent_for = frozenset({Operation.CREATE, Operation.DELETE})
    nav = "people"
    noun = "grant"

    column_list = ("person", "role", "where", "granted_by", "created_at")
    column_labels: ClassVar[dict[str, str]] = {"granted_by": "Given by", "created_at": "Given"}
    column_end = frozenset({"created_at"})
    column_wide = frozenset({"granted_by"})
    column_state = "role"
    cells_template = "admin/cells/grants.html"
    sortable: ClassVar[Mapping[str, Any]] = {"created_at": Grant.created_at}
    default_sort = ("created_at", True)
    form = GrantForm
    form_ajax_refs: ClassVar[dict[str, Any]] = {"user_id": Lookup("user_id", lambda: _people())}  # noqa: PLW0108 - defined below
    sections = (
        Section(
            "Who may do what",
            "A role on a bot counts for that bot; on the site, for every bot.",
            ("user_id", "role_id", "bot_id"),
        ),
    )
    delete_help = "The person loses it within two seconds."

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter(
                "Bot", lambda: bot_choices(Permission.MEMBER_MANAGE), lambda key: Grant.bot_id == UUID(key)
            ),
        )
        super().__init__("grants", "Roles given", "people/grants")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to the bots of the scope; grants on the site are for those who manage every bot."""
        return within_bots(Grant.bot_id, scope)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Put the words beside the keys."""
        views = {grant.id: grant for grant in queries.list_grants(services().session())}
        people = {user.id: user for user in queries.list_users(services().session())}
        for row in rows:
            row.role, row.user = views[row.id].role, people[row.user_id]
        return rows

    def title_of(self, row: Any) -> str:
        """Name the person, the role and the bot."""
        session = services().session()
        grant = next(item for item in queries.list_grants(session, user_id=row.user_id) if item.id == row.id)
        person = queries.get_user(session, row.user_id)
        return f"{grant.role.name} of {person.display_name} on {_where(row.bot_id)}"

    def object_url(self, row: Any) -> str | None:
        """Lead to the person, for those who may see people."""
        if not identity.scope(Permission.SITE_ADMIN):
            return None
        return url_for("people.details_view", id=row.user_id)

    def prepare_form(self, form: PanelForm, row: Any) -> None:  # noqa: ARG002 - grants are made, never changed
        """Offer people, roles, and the bots whose members the person manages."""
        asked = str(form.user_id.data or request.args.get("person", ""))
        known = [self._form_ajax_refs["user_id"].get_one(asked)] if asked else []
        found = {str(key): words for key, words in [*filter(None, known), *_first_people()]}
        form.user_id.choices = choices_of(found.items())
        form.user_id.data = asked or form.user_id.data
        form.user_id.render_kw = {
            "data-role": "combobox",
            "data-url": url_for("grants.ajax_lookup", name="user_id"),
        }
        roles = queries.list_roles(services().session())
        form.role_id.choices = choices_of([_NOTHING, *((str(role.id), role.name) for role in roles)])
        scope = identity.scope(Permission.MEMBER_MANAGE)
        site = [(SITE, "The whole site, with every bot")] if scope.is_all else []
        form.bot_id.choices = choices_of([_NOTHING, *site, *bot_choices(Permission.MEMBER_MANAGE)])

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Give the role."""
        bot_id = None if values["bot_id"] == SITE else UUID(values["bot_id"])
        user_id = _key(values["user_id"])
        return service.grant_role(uow, actor, user_id=user_id, role_id=UUID(values["role_id"]), bot_id=bot_id)

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Take the role back."""
        service.revoke_grant(uow, actor, row.id)

    def empty(self) -> Empty:
        """Say what stands here."""
        return Empty(
            "No role was given yet",
            "Give somebody a role on a bot or on the whole site.",
            self.url_of("create_view"),
            "Give a role",
        )


def _people() -> Any:
    words = func.coalesce(func.nullif(User.display_name, ""), User.name).label("words")
    return select(User.id, words).where(User.is_disabled.is_(False))


def _first_people() -> list[Any]:
    return list(db.session.execute(_people().order_by("words").limit(MAX_FOUND)))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        # Nobody has this key, so the service answers as for one who is gone.
        return UUID(int=0)


def _where(bot_id: UUID | None) -> str:
    return "the whole site" if bot_id is None else bot_name(bot_id)

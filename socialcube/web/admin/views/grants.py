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
from socialcube.domain.accounts.queries.grants import is_within
from socialcube.domain.accounts.queries.people import is_visible
from socialcube.web import identity
from socialcube.web.access.choosing import NoPlaceError, giveable_choices, place_choices, read_place
from socialcube.web.admin.drawing import place_name
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.lookups import MAX_FOUND, Lookup
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_filter
from socialcube.web.admin.views.role_filters import group_choices, names_role, of_group, role_choices
from socialcube.web.context import services
from socialcube.web.extensions import db

#: Nothing is chosen at first: a click too early must not make anybody an owner of everything.
NOTHING = ("", "Choose …")


class GrantForm(PanelForm):
    """A role for a person."""

    user_id = SelectField("Person", [DataRequired("Choose a person.")], validate_choice=False)
    role_id = SelectField(
        "Role", [DataRequired("Choose a role.")], description="You can give only what you hold yourself."
    )
    place = SelectField("Where", [DataRequired("Choose a place.")], render_kw={"data-role": "combobox"})


class GrantsView(SecureView):
    """Roles that were given, at the places whose members the person manages."""

    table = Grant
    needs = Needs(
        view=Permission.MEMBER_MANAGE, create=Permission.MEMBER_MANAGE, delete=Permission.MEMBER_MANAGE
    )
    recent_for = frozenset({Operation.CREATE, Operation.DELETE})
    nav = "people"
    noun = "role"

    column_list = ("person", "role", "where", "granted_by", "created_at")
    column_labels: ClassVar[dict[str, str]] = {"granted_by": "Given by", "created_at": "Given"}
    column_end = frozenset({"created_at"})
    column_wide = frozenset({"granted_by"})
    column_state = "role"
    cells_template = "admin/cells/grants.html"
    list_template = "admin/people/list.html"
    create_template = "admin/people/give.html"
    new_title = "Give a role"
    said_created = "The role was given."
    sortable: ClassVar[Mapping[str, Any]] = {"created_at": Grant.created_at}
    default_sort = ("created_at", True)
    form = GrantForm
    form_ajax_refs: ClassVar[dict[str, Any]] = {"user_id": Lookup("user_id", lambda: _people())}  # noqa: PLW0108 - defined below
    sections = (
        Section(
            "Who may do what",
            "A role on a bot counts there, on a group for each of its bots, on the site for every bot.",
            ("user_id", "role_id", "place"),
        ),
    )
    error_fields: ClassVar[Mapping[Any, str]] = {NoPlaceError: "place"}
    delete_help = "The person loses it within two seconds. You can give it again."
    delete_verb = ("Take back", "was taken back")
    types_name = False

    def __init__(self) -> None:
        self.column_filters = (
            ChoiceFilter("Role", role_choices, lambda key: names_role(Grant, key)),
            bot_filter(Grant.bot_id, Permission.MEMBER_MANAGE),
            ChoiceFilter("Group", group_choices, lambda key: of_group(Grant, key)),
        )
        super().__init__("grants", "Roles given", "people/grants")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to places that lie in the scope; those on the site are for who manages every bot."""
        return is_within(Grant, scope)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Put the words beside the keys."""
        session = services().session()
        views = {
            grant.id: grant for grant in queries.list_grants(session, grant_ids=[row.id for row in rows])
        }
        people = queries.list_users_by_id(session, {row.user_id for row in rows})
        for row in rows:
            row.role, row.place, row.user = views[row.id].role, views[row.id].place, people[row.user_id]
        return rows

    def title_of(self, row: Any) -> str:
        """Name the person, the role and the place."""
        if not hasattr(row, "user"):
            self.prepare([row])
        return f"{row.role.name} of {row.user.display_name} on {_lower(place_name(row.place))}"

    def head_actions(self) -> list[Any]:
        """Say what the button does."""
        actions = super().head_actions()
        return [type(item)("Give a role", item.icon, item.url) for item in actions]

    def object_url(self, row: Any) -> str | None:
        """Lead to the person, for those who may see people."""
        if not identity.scope(Permission.SITE_ADMIN):
            return None
        return url_for("people.details_view", id=row.user_id)

    def url_after(self, key: str) -> str:
        """Lead back to the person whose page asked, else to the list."""
        asked = request.args.get("person", "")
        if asked and self.get_query().filter(Grant.id == UUID(key), Grant.user_id == _key(asked)).first():
            return url_for("people.details_view", id=asked)
        return self.url_of("index_view")

    def prepare_form(self, form: PanelForm, row: Any) -> None:  # noqa: ARG002 - grants are made, never changed
        """Offer people, roles, and the places whose members the person manages."""
        asked = str(form.user_id.data or request.args.get("person", ""))
        known = [self._form_ajax_refs["user_id"].get_one(asked)] if asked else []
        found = {str(key): words for key, words in [*filter(None, known), *_first_people()]}
        form.user_id.choices = choices_of([NOTHING, *found.items()])
        form.user_id.data = asked or form.user_id.data
        form.user_id.render_kw = {
            "data-role": "combobox",
            "data-url": url_for("grants.ajax_lookup", name="user_id"),
        }
        session, actor = services().session(), identity.actor()
        form.role_id.choices = choices_of([NOTHING, *giveable_choices(session, actor)])
        form.place.choices = choices_of([NOTHING, *place_choices(session, actor)])

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Give the role."""
        place, user_id = read_place(values["place"]), _key(values["user_id"])
        where = {"bot_id": place.bot_id, "group_id": place.group_id}
        return service.grant_role(uow, actor, user_id=user_id, role_id=UUID(values["role_id"]), **where)

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Take the role back."""
        service.revoke_grant(uow, actor, row.id)

    def empty(self) -> Empty:
        """Say what stands here."""
        return Empty(
            "No role was given yet",
            "Give somebody a role on a bot, on a group of bots, or on the whole site.",
            self.url_of("create_view"),
            "Give a role",
        )


def _people() -> Any:
    """Give those whom the person at hand may see: who shares a bot whose members they manage."""
    words = func.coalesce(func.nullif(User.display_name, ""), User.name).label("words")
    visible = is_visible(identity.scope(Permission.MEMBER_MANAGE))
    return select(User.id, words).where(User.is_disabled.is_(False), visible)


def _first_people() -> list[Any]:
    return list(db.session.execute(_people().order_by("words").limit(MAX_FOUND)))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        # Nobody has this key, so the service answers as for one who is gone.
        return UUID(int=0)


def _lower(words: str) -> str:
    """Say a place inside a sentence; the name of a bot stays as it is."""
    return words[0].lower() + words[1:] if words.startswith(("The ", "Group ")) else words

"""Groups of bots that are granted together."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import DuplicateGroupError
from socialcube.domain.accounts.models import AccessGroup, Grant
from socialcube.domain.accounts.queries.grants import is_group_within
from socialcube.domain.accounts.types import MAX_GROUP_DESCRIPTION_LENGTH, MAX_GROUP_NAME_LENGTH
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.context import services
from socialcube.web.extensions import db


class GroupForm(PanelForm):
    """A name for some bots."""

    name = StringField("Name", [DataRequired(), Length(max=MAX_GROUP_NAME_LENGTH)])
    description = StringField("Description", [Length(max=MAX_GROUP_DESCRIPTION_LENGTH)])
    bot_ids = SelectMultipleField("Bots")


class AccessGroupsView(SecureView):
    """Groups; those who manage the members of every bot of one see it, the site's owners change it."""

    table = AccessGroup
    needs = Needs(
        view=Permission.MEMBER_MANAGE,
        create=Permission.SITE_ADMIN,
        edit=Permission.SITE_ADMIN,
        delete=Permission.SITE_ADMIN,
    )
    recent_for = frozenset({Operation.CREATE, Operation.EDIT, Operation.DELETE})
    nav = "people"
    noun = "group"

    column_list = ("name", "description", "bots", "people")
    column_labels: ClassVar[dict[str, str]] = {"people": "People with a role"}
    column_end = frozenset({"bots", "people"})
    column_wide = frozenset({"description"})
    column_state = "bots"
    cells_template = "admin/cells/access_groups.html"
    table_class = "flush"
    list_template = "admin/people/list.html"
    sortable: ClassVar[Mapping[str, Any]] = {"name": AccessGroup.name}
    searched = (AccessGroup.name, AccessGroup.description)
    search_words = "Name or description"
    form = GroupForm
    sections = (
        Section("What it is called", "People who give roles read this.", ("name", "description")),
        Section(
            "Bots",
            "Whoever has a role on this group has it on each of these. Putting a bot in or taking it out"
            " counts within two seconds.",
            ("bot_ids",),
        ),
    )
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {DuplicateGroupError: "name"}
    delete_help = "A group on which somebody has a role cannot be deleted: take it back first."

    def __init__(self) -> None:
        super().__init__("access_groups", "Groups", "people/groups")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Keep to groups of which every bot is in the scope; an empty one is for who manages every bot."""
        return is_group_within(AccessGroup.id, scope)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Add how many bots and people each has, read at once."""
        ids = [row.id for row in rows]
        bots = queries.list_bots_of(services().session(), ids)
        counted = select(Grant.group_id, func.count(Grant.user_id.distinct())).where(Grant.group_id.in_(ids))
        people = {found.group_id: found[1] for found in db.session.execute(counted.group_by(Grant.group_id))}
        for row in rows:
            row.bots, row.people = len(bots[row.id]), people.get(row.id, 0)
        return rows

    def object_url(self, row: Any) -> str | None:
        """Lead to the page of who may do what with it."""
        return url_for("group.show", group_id=row.id)

    def url_after(self, key: str) -> str:
        """Lead to the group, where roles are given."""
        return url_for("group.show", group_id=key)

    def prepare_form(self, form: PanelForm, row: Any) -> None:  # noqa: ARG002 - the same for all of them
        """Offer all bots."""
        form.bot_ids.choices = choices_of(bot_choices(Permission.SITE_ADMIN))

    def form_source(self, row: Any) -> Any:
        """Give what the form holds at first."""
        row.bot_ids = [str(bot_id) for bot_id in queries.get_group(services().session(), row.id).bot_ids]
        return row

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Make a group."""
        return service.create_group(uow, actor, **_read(values))

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Change a group."""
        service.edit_group(uow, actor, row.id, version=version, **_read(values))

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Delete a group."""
        service.delete_group(uow, actor, row.id)

    def empty(self) -> Empty:
        """Say what groups are good for."""
        url = self.url_of("create_view") if identity.scope(Permission.SITE_ADMIN) else ""
        words = "A group lets you give somebody a role on several bots at once."
        return Empty("No groups yet", words, url, "New group" if url else "")


def _read(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "description": values["description"] or "",
        "bot_ids": [UUID(key) for key in values["bot_ids"] or []],
    }

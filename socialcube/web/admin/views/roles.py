"""Roles: those that every installation has, and those that were made here."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask import request
from flask_admin.model.base import ViewArgs
from sqlalchemy import ColumnElement
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import AREAS, PLANNED, Actor, Permission, Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import DuplicateRoleError
from socialcube.domain.accounts.models import Role
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES, known_permissions
from socialcube.domain.accounts.types import (
    MAX_ROLE_DESCRIPTION_LENGTH,
    MAX_ROLE_NAME_LENGTH,
    BuiltInRole,
    RoleView,
)
from socialcube.kernel.errors import SocialCubeError
from socialcube.web.access.matrix import effect_of
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty, Page
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.scoping import on_site
from socialcube.web.admin.secure import SecureView
from socialcube.web.context import services

PLANNED_AREA: Final = "Takes effect when the feature comes"
"""Stands over what a role holds already although nothing asks for it yet."""


class RoleForm(PanelForm):
    """A set of permissions with a name."""

    name = StringField("Name", [DataRequired(), Length(max=MAX_ROLE_NAME_LENGTH)])
    description = StringField("Description", [Length(max=MAX_ROLE_DESCRIPTION_LENGTH)])
    permissions = SelectMultipleField("What it allows")


class RolesView(SecureView):
    """All roles; built-in ones can be seen only."""

    table = Role
    needs = Needs(
        view=Permission.SITE_ADMIN,
        create=Permission.SITE_ADMIN,
        edit=Permission.SITE_ADMIN,
        delete=Permission.SITE_ADMIN,
    )
    recent_for = frozenset({Operation.CREATE, Operation.EDIT, Operation.DELETE})
    nav = "roles"
    noun = "role"

    column_list = ("name", "description", "permissions", "kind")
    column_state = "kind"
    column_wide = frozenset({"permissions"})
    cells_template = "admin/cells/roles.html"
    sortable: ClassVar[Mapping[str, Any]] = {"name": Role.name}
    list_template = "admin/people/list.html"
    create_template = "admin/roles/create.html"
    edit_template = "admin/roles/edit.html"
    form = RoleForm
    sections = (
        Section("What it is called", "People who give it read this.", ("name", "description")),
        Section("What it allows", "On the bot where it is given, or on every bot.", ("permissions",)),
    )
    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {DuplicateRoleError: "name"}
    delete_help = "A role that somebody has cannot be deleted: take it back first."

    def __init__(self) -> None:
        super().__init__("roles", "Roles")

    def get_sortable_columns(self) -> dict[str, Any]:
        """Keep the order of the built-in roles: the greatest first."""
        return {}

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Show all or nothing: roles belong to the site."""
        return on_site(scope)

    def load_page(self, state: ViewArgs) -> Page:  # noqa: ARG002 - there are few, all on one page
        """Show built-in roles, which have no rows, before those that do."""
        roles = queries.list_roles(services().session())
        return Page(list(roles), str(len(roles)), None, None)

    def may(self, operation: Operation, row: Any = None) -> bool:
        """Let nobody change a built-in role."""
        return not (isinstance(row, RoleView) and row.built_in) and super().may(operation, row)

    def object_url(self, row: Any) -> str | None:
        """Lead to the form of a role that can be changed."""
        return self.url_of("edit_view", id=row.id) if self.may(Operation.EDIT, row) else None

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Leave out what leads to the form a second time."""
        return [item for item in super().menu_of(row) if item.label != "Open"]

    def prepare_form(self, form: PanelForm, row: Any) -> None:
        """Offer what there is, by area. What is only planned is offered to nobody, and kept by who has it."""
        held = known_permissions(getattr(row, "permissions", ()))
        form.permissions.choices = _choices(held & PLANNED)
        preset = request.args.get("from", "") if row is None and request.method == "GET" else ""
        if preset in frozenset(BuiltInRole):
            form.permissions.data = sorted(BUILT_IN_ROLES[BuiltInRole(preset)].permissions)

    def form_values(self, row: Any) -> dict[str, Any]:  # noqa: ARG002 - the same for all of them
        """Give the built-in roles to start from, each with what it would tick."""
        shown = [role for role in BUILT_IN_ROLES.values() if role.built_in is not BuiltInRole.OWNER]
        return {"presets": [(role, sorted(role.permissions - PLANNED)) for role in shown]}

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Make a role."""
        return service.create_role(uow, actor, **_read(values))

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Change a role."""
        service.edit_role(uow, actor, row.id, version=version, **_read(values))

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Delete a role."""
        service.delete_role(uow, actor, row.id)

    def empty(self) -> Empty:
        """Never said: the built-in roles are always there."""
        return Empty("No roles", "")


def _read(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "description": values["description"] or "",
        "permissions": values["permissions"] or [],
    }


def _choices(planned: frozenset[Permission]) -> list[SelectChoice]:
    """Give the permissions that a role may hold, by area."""
    areas = {
        title: [each for each in permissions if each not in PLANNED and each is not Permission.SITE_ADMIN]
        for title, permissions in AREAS.items()
    } | {PLANNED_AREA: sorted(planned)}
    return [
        SelectChoice(each.value, effect_of(each), optgroup=title)
        for title, permissions in areas.items()
        for each in permissions
    ]

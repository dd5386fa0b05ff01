"""The one base of all generated screens: nothing is shown or done that was not declared and allowed.

Flask-Admin opens everything by default: `is_accessible` says yes, `get_one` and the look-ups ignore the
query of the list, and what is not listed is scaffolded from all columns (flask_admin/base.py,
model/base.py and contrib/sqla/view.py of 2.2.1). Here each of these is closed in one place.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from flask import has_request_context, url_for
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import ColumnElement, and_, func, inspect, or_
from sqlalchemy.orm import Query

from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Permission, Scope, Subject
from socialcube.kernel.errors import ForbiddenError, NotFoundError
from socialcube.web import denials, guard, identity
from socialcube.web.admin.actions import Actions
from socialcube.web.admin.errors import UndeclaredViewError
from socialcube.web.admin.exports import Exports
from socialcube.web.admin.forms.views import FormViews
from socialcube.web.admin.keys import parse_key
from socialcube.web.admin.lists.views import ListViews
from socialcube.web.admin.lookups import Lookups
from socialcube.web.admin.needs import ENDPOINTS, Needs, Operation
from socialcube.web.extensions import db


class SecureView(ListViews, FormViews, Actions, Lookups, Exports, ModelView):  # type: ignore[misc] # no types
    """A screen over one table.

    Attributes:
        table: the mapped class.
        needs: the permission of each operation; what is not named has no address.
        nav: key of the sidebar's item that is marked.
        noun: what one row is called.
        recent_for: operations that ask for a recent sign-in, before their form opens and when it is sent.
        more_endpoints: operations of endpoints that a view adds to Flask-Admin's.
    """

    table: ClassVar[Any]
    needs: ClassVar[Needs]
    nav: ClassVar[str]
    noun: ClassVar[str]
    recent_for: ClassVar[frozenset[Operation]] = frozenset()
    more_endpoints: ClassVar[Mapping[str, Operation]] = {}

    # Editing inside the list is x-editable's door; it would skip the form.
    ajax_update = None

    def __init__(self, endpoint: str, name: str, url: str = "") -> None:
        self._require_declared()
        super().__init__(self.table, db, name=name, endpoint=endpoint, url=f"/admin/{url or endpoint}")

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Give the condition of the rows that belong to these bots; each view says its own."""
        raise NotImplementedError

    def subject_of(self, row: Any) -> Subject:
        """Give what a permission is asked for when it is about one row."""
        return Subject(self.noun, str(self.get_pk_value(row)), self.bot_id_of(row))

    def bot_id_of(self, row: Any) -> UUID | None:
        """Give the bot that a row belongs to."""
        return getattr(row, "bot_id", None)

    def may(self, operation: Operation, row: Any = None) -> bool:
        """Tell whether the person may do this somewhere, or to this very row."""
        permission = self.needs.of(operation)
        if permission is None:
            return False
        if not has_request_context():
            return True
        bot_id = None if row is None else self.bot_id_of(row)
        if bot_id is None:
            return can_anywhere(identity.actor(), permission)
        return identity.scope(permission).allows(bot_id)

    can_create = property(lambda self: self.may(Operation.CREATE))
    can_edit = property(lambda self: self.may(Operation.EDIT))
    can_delete = property(lambda self: self.may(Operation.DELETE))
    can_export = property(lambda self: self.may(Operation.EXPORT))
    can_view_details = property(lambda self: self.column_details_list is not None)

    def get_query(self) -> Query[Any]:
        """Give the rows that the person may see, in no order."""
        return self.query_for(self.needs.view)

    def get_count_query(self) -> Query[Any]:
        """Count the same rows that the list shows."""
        return self.get_query().with_entities(func.count())

    def query_for(self, permission: Permission) -> Query[Any]:
        """Give the rows on which the person holds a permission."""
        query = db.session.query(self.model).execution_options(populate_existing=True)
        return query.filter(self.within(identity.scope(permission)))

    def get_one(self, id: str) -> Any:  # noqa: A002 - Flask-Admin's own name
        """Get a row that the person may see.

        Raises:
            NotFoundError: there is none, or it belongs to somebody else; both look alike.
        """
        return self.get_for(Operation.VIEW, id)

    def get_for(self, operation: Operation, key: str) -> Any:
        """Get a row to do something with.

        Raises:
            NotFoundError: the person cannot even see it.
            ForbiddenError: seeing it is all that the person may do. The attempt is audited.
        """
        row = self.get_query().filter(*self._is_row(key)).one_or_none()
        if row is None:
            raise NotFoundError(kind=self.noun)
        permission = self.needs.of(operation) or self.needs.view
        if self.query_for(permission).filter(*self._is_row(key)).one_or_none() is None:
            self.deny(permission, row)
        return row

    def deny(self, permission: Permission, row: Any) -> None:
        """Refuse, and leave a trace of it.

        Raises:
            ForbiddenError: always.
        """
        denials.note_denied(permission, self.subject_of(row))
        raise ForbiddenError(permission=permission.value)

    def list_rows_of(self, keys: list[str], permission: Permission) -> list[Any]:
        """Get several rows to do something with, each one allowed.

        Raises:
            NotFoundError: one of them is not there for the person.
            ForbiddenError: one of them may only be seen.
        """
        picked = {self._parse_key(key) for key in keys}
        wanted = or_(*(and_(*self._has_key(key)) for key in picked))
        rows: list[Any] = self.get_query().filter(wanted).all()
        if len(rows) < len(picked):
            raise NotFoundError(kind=self.noun)
        allowed = set(self.query_for(permission).filter(wanted))
        for row in rows:
            if row not in allowed:
                self.deny(permission, row)
        return rows

    def create_blueprint(self, admin: Any) -> Any:
        """Give addresses to declared endpoints only, each behind the guard."""
        # What the metaclass gathered belongs to the class; here the instance keeps what it declared.
        self._urls: list[Any] = [entry for entry in self._urls if self._permission_of(entry[1])]
        for _, name, _ in self._urls:
            setattr(self, name, self._guarded(name))
        return super().create_blueprint(admin)

    def render(self, template: str, **values: Any) -> str:
        """Render one of our templates with what every one of them needs."""
        values |= {"active": self.nav, "view": self, "Operation": Operation}
        return str(super().render(template, **values))

    def url_of(self, name: str, **values: Any) -> str:
        """Give the address of one of this view's endpoints."""
        return url_for(f"{self.endpoint}.{name}", **values)

    def _prettify_name(self, name: str) -> str:
        return name.replace("_", " ").capitalize()

    def _run_view(self, view: Callable[..., Any], *args: Any, **values: Any) -> Any:
        # Flask-Admin's own calls a view again when it raised TypeError, which hides mistakes.
        return view(self, *args, **values)

    def _permission_of(self, name: str) -> Permission | None:
        operation = ENDPOINTS.get(name) or self.more_endpoints.get(name)
        if operation is None:
            raise UndeclaredViewError(type(self), f"the operation of {name}")
        if name == "details_view" and self.column_details_list is None:
            return None
        if name == "action_view" and not self._actions:
            return None
        if name == "ajax_lookup" and not self.form_ajax_refs:
            return None
        return self.needs.of(operation)

    def _guarded(self, name: str) -> Callable[..., Any]:
        permission, view = self._permission_of(name), getattr(self, name)
        if (ENDPOINTS.get(name) or self.more_endpoints.get(name)) in self.recent_for:
            view = guard.recent(view)
        return guard.needs(permission)(view)  # type: ignore[arg-type] # only declared ones come

    def _is_row(self, key: str) -> list[ColumnElement[bool]]:
        return self._has_key(self._parse_key(key))

    def _parse_key(self, key: str) -> tuple[UUID | int | str, ...]:
        values = parse_key(inspect(self.model).primary_key, key)
        if values is None:
            raise NotFoundError(kind=self.noun)
        return tuple(values)

    def _has_key(self, key: tuple[UUID | int | str, ...]) -> list[ColumnElement[bool]]:
        columns = inspect(self.model).primary_key
        return [column == value for column, value in zip(columns, key, strict=True)]

    def _require_declared(self) -> None:
        kind = type(self)
        for name in ("table", "needs", "nav", "noun", "sortable"):
            if not hasattr(kind, name):
                raise UndeclaredViewError(kind, name)
        if not kind.column_list:
            raise UndeclaredViewError(kind, "column_list, or every column would be shown")
        has_form = kind.form is not None or kind.form_columns
        if (kind.needs.create or kind.needs.edit) and not has_form:
            raise UndeclaredViewError(kind, "form or form_columns, or every column could be changed")

"""Searches for pickers in forms. What the person may not see is not found."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import Response, jsonify, request
from flask_admin import expose
from flask_admin.model.ajax import AjaxModelLoader

from socialcube.kernel.errors import NotFoundError
from socialcube.web.admin.lists.filters import MAX_LENGTH
from socialcube.web.extensions import db

MAX_FOUND: Final = 20


class Lookup(AjaxModelLoader):  # type: ignore[misc] # Flask-Admin ships no types
    """A picker's search.

    Attributes:
        rows: gives the statement of key and words, already narrowed to what the person may pick.
    """

    def __init__(self, name: str, rows: Callable[[], Any]) -> None:
        super().__init__(name, {})
        self.rows = rows

    def format(self, model: Any) -> tuple[str, str] | None:
        """Give key and words."""
        return (str(model[0]), str(model[1])) if model else None

    def get_one(self, pk: str) -> Any:
        """Find what a key stands for, if the person may pick it."""
        try:
            key = UUID(pk)
        except ValueError:
            return None
        statement = self.rows()
        return db.session.execute(statement.where(statement.selected_columns[0] == key)).first()

    def get_list(self, query: str, offset: int = 0, limit: int = MAX_FOUND) -> list[Any]:
        """List what contains a text."""
        statement = self.rows()
        words = statement.selected_columns[1]
        found = statement.where(words.icontains(query, autoescape=True)) if query else statement
        return list(db.session.execute(found.order_by(words).offset(offset).limit(limit)))


class Lookups:
    """Mixin: the door of the pickers."""

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Response:
        """Answer a picker's search with pairs of key and words."""
        loader = self._form_ajax_refs.get(request.args.get("name", ""))  # type: ignore[attr-defined]
        if loader is None:
            raise NotFoundError(kind="look-up")
        words = request.args.get("query", "").replace("\x00", "")[:MAX_LENGTH]
        return jsonify([loader.format(row) for row in loader.get_list(words)])

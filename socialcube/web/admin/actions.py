"""Bulk actions: what is done with the rows that somebody picked."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Permission
from socialcube.kernel.errors import InvalidInputError, SocialCubeError
from socialcube.web import identity, recent
from socialcube.web.extensions import db

MAX_PICKED: Final = 500
_MOST_PROBLEMS: Final = 5


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something that can be done with many rows at once.

    Attributes:
        name: in the form; the view's method `do_<name>(row)` does it.
        permission: that it needs on every picked row.
        done: what is said after it, with `{count}`; empty when the view finds the words.
        confirm: the question before it, empty when nothing is lost.
        is_recent: whether it asks for a recent sign-in.
    """

    name: str
    label: str
    icon: str
    permission: Permission
    done: str = ""
    confirm: str = ""
    is_recent: bool = False


class Actions:
    """Mixin: the actions of a view, and the door that runs them."""

    bulk_actions: ClassVar[tuple[BulkAction, ...]] = ()

    def init_actions(self) -> None:
        """Take the declared actions in place of Flask-Admin's, whose delete asks no service."""
        self._actions = [(action.name, action.label) for action in self.bulk_actions]
        self._actions_data: dict[str, Any] = {action.name: action for action in self.bulk_actions}

    def list_actions(self) -> list[BulkAction]:
        """Give the actions that the person may do somewhere."""
        return [action for action in self.bulk_actions if can_anywhere(identity.actor(), action.permission)]

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Response | str:
        """Do something with the picked rows; ask first if it cannot be undone."""
        action: BulkAction | None = self._actions_data.get(request.form.get("action", ""))
        keys = request.form.getlist("rowid")
        if action is None or not 0 < len(keys) <= MAX_PICKED:
            raise InvalidInputError(reason=f"pick an action and 1 to {MAX_PICKED} rows")
        if action.is_recent:
            recent.require()
        rows = self.list_rows_of(keys, action.permission)  # type: ignore[attr-defined]
        if action.confirm and "confirmed" not in request.form:
            return str(self.render("admin/model/confirm.html", action=action, rows=rows))  # type: ignore[attr-defined]
        self._tell_outcome(action, *self.run_action(action, rows))
        return redirect(url_for(f"{self.endpoint}.index_view"), 303)  # type: ignore[attr-defined]

    def run_action(self, action: BulkAction, rows: list[Any]) -> tuple[int, list[str]]:
        """Do it to each row by itself. Gives how many it was done to, and what went wrong with others."""
        done, problems = 0, []
        # Each is done in a unit of its own, which would let the session forget what it read of the others.
        db.session.expunge_all()
        for row in rows:
            try:
                getattr(self, f"do_{action.name}")(row)
                done += 1
            except SocialCubeError as error:
                problems.append(f"{self.title_of(row)}: {error.message} {error.remedy}".strip())  # type: ignore[attr-defined]
        return done, problems

    def say_done(self, action: BulkAction, count: int) -> str:
        """Say what was done to so many rows."""
        return action.done.format(count=count)

    def _tell_outcome(self, action: BulkAction, done: int, problems: list[str]) -> None:
        if done:
            flash(self.say_done(action, done), "success")
        for problem in problems[:_MOST_PROBLEMS]:
            flash(problem, "error")
        if len(problems) > _MOST_PROBLEMS:
            flash(f"{len(problems) - _MOST_PROBLEMS} more were refused.", "error")

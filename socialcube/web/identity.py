"""Who is asking: the person whose browser sent the request at hand."""

from dataclasses import dataclass

from flask import g, has_request_context
from flask_login import UserMixin, current_user

from socialcube.domain.access import policy
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts.types import Preferences, SessionView, UserView
from socialcube.kernel.errors import UnauthenticatedError


@dataclass(frozen=True, eq=False)
class Person(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """Somebody who is signed in.

    Attributes:
        view: who it is.
        actor: what the person may do now, with the request's id and address.
        session: the browser it is signed in with.
        preferences: how the person wants the panel.
    """

    view: UserView
    actor: Actor
    session: SessionView
    preferences: Preferences

    @property
    def may_something(self) -> bool:
        """Tell whether anything at all was granted."""
        return bool(self.actor.permissions) or any(self.actor.bot_permissions.values())

    def get_id(self) -> str:
        """Give the text that Flask-Login keeps in the session."""
        return str(self.view.id)


def find_person() -> Person | None:
    """Find who is signed in. None for a stranger, and outside of requests."""
    if not has_request_context():
        return None
    # A local proxy is never an instance of anything; what stands behind it is.
    found = current_user._get_current_object()  # noqa: SLF001 - werkzeug's way to what a proxy stands for
    return found if isinstance(found, Person) else None


def loaded_person() -> Person | None:
    """Give who is signed in if the request asked for it, without asking now."""
    # Flask-Login keeps there whom it loaded (flask_login/utils.py of 0.6.3).
    found = g.get("_login_user")
    return found if isinstance(found, Person) else None


def person() -> Person:
    """Give who is signed in.

    Raises:
        UnauthenticatedError: nobody is.
    """
    found = find_person()
    if found is None:
        raise UnauthenticatedError
    return found


def actor() -> Actor:
    """Give the person as the one who acts.

    Raises:
        UnauthenticatedError: nobody is signed in.
    """
    return person().actor


def scope(permission: Permission) -> Scope:
    """Give the bots on which the person holds a permission.

    Raises:
        UnauthenticatedError: nobody is signed in.
    """
    return policy.scope(actor(), permission)

"""Who is asking: the signed-in person of the request at hand."""

from dataclasses import dataclass
from typing import cast

from flask_login import UserMixin, current_user

from socialcube.domain.access import policy
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts.types import Preferences, SessionView, UserView


@dataclass(frozen=True, eq=False)
class Person(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """A signed-in person, as Flask-Login's user.

    Attributes:
        view: who it is.
        actor: who it is to the domain, with everything it was granted.
        session: the browser's session that it is signed in by.
    """

    view: UserView
    actor: Actor
    session: SessionView
    preferences: Preferences

    def get_id(self) -> str:
        """Give what Flask-Login calls the user's id."""
        return str(self.view.id)


def find_person() -> Person | None:
    """Give the signed-in person, None when nobody is."""
    return cast("Person", current_user) if current_user and current_user.is_authenticated else None


def person() -> Person:
    """Give the signed-in person of a view that only signed-in people reach.

    Raises:
        RuntimeError: nobody is signed in, so the view was left unguarded.
    """
    found = find_person()
    if found is None:
        raise RuntimeError("this view asks who is signed in, and lets people in who are not")
    return found


def actor() -> Actor:
    """Give the signed-in person as the domain knows it."""
    return person().actor


def scope(permission: Permission) -> Scope:
    """Give the bots on which the signed-in person holds a permission."""
    return policy.scope(actor(), permission)

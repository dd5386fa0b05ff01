"""Who is asking: the person whose browser sent the request at hand, or the program whose key it carries."""

from dataclasses import dataclass
from typing import Final

from flask import g, has_request_context
from flask_login import UserMixin, current_user

from socialcube.domain.access import policy
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts.types import Preferences, SessionView, UserView
from socialcube.domain.api_keys.types import ApiKeyView
from socialcube.kernel.errors import UnauthenticatedError
from socialcube.web.paths import is_api

_PROGRAM: Final = "program"


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


@dataclass(frozen=True, slots=True)
class Program:
    """A program that showed an API key.

    Attributes:
        key: the key, without its secret.
        actor: what it may do now, with the request's id and address.
    """

    key: ApiKeyView
    actor: Actor


def find_caller() -> Person | Program | None:
    """Find who asks. Under the API's addresses only a key counts, everywhere else only a signed-in person."""
    if has_request_context() and is_api():
        return find_program()
    return find_person()


def find_program() -> Program | None:
    """Find the program whose key was checked at the beginning of the request."""
    found = g.get(_PROGRAM)
    return found if isinstance(found, Program) else None


def program() -> Program:
    """Give the program whose key was checked.

    Raises:
        UnauthenticatedError: there is none.
    """
    found = find_program()
    if found is None:
        raise UnauthenticatedError
    return found


def keep_program(program: Program) -> None:
    """Remember whose key was checked, for the rest of the request."""
    setattr(g, _PROGRAM, program)


def find_person() -> Person | None:
    """Find who is signed in. None for strangers, for programs, whose cookies do not count, and elsewhere."""
    if not has_request_context() or is_api():
        return None
    # A local proxy is never an instance of anything; what stands behind it is.
    found = current_user._get_current_object()  # noqa: SLF001 - werkzeug's way to what a proxy stands for
    return found if isinstance(found, Person) else None


def loaded_caller() -> Person | Program | None:
    """Give who asks if the request looked already, without looking now."""
    # Flask-Login keeps there whom it loaded (flask_login/utils.py of 0.6.3).
    found = g.get("_login_user")
    return found if isinstance(found, Person) else find_program()


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
    """Give who asks, a person or a program, as the one who acts.

    Raises:
        UnauthenticatedError: nobody is signed in, or there is no key.
    """
    found = find_caller()
    if found is None:
        raise UnauthenticatedError
    return found.actor


def scope(permission: Permission) -> Scope:
    """Give the bots on which the person or the program holds a permission.

    Raises:
        UnauthenticatedError: nobody is signed in.
    """
    return policy.scope(actor(), permission)

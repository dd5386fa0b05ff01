"""Who may open which page. Every view carries one of these marks; a test looks for views without."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final, ParamSpec, TypeVar, cast
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from socialcube.domain.access.policy import can, can_anywhere
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.types import BotView
from socialcube.kernel.errors import ForbiddenError, UnauthenticatedError
from socialcube.web import denials, identity
from socialcube.web import recent as recency
from socialcube.web.context import services
from socialcube.web.paths import wants_json

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
View = Callable[_Given, _Answer]

_MARK: Final = "socialcube_mark"
_RECENT: Final = "socialcube_recent"
_SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a view asks of whoever opens it.

    Attributes:
        is_public: whether strangers may.
        permission: held on the site or on one bot at least; None when being signed in is enough.
    """

    is_public: bool = False
    permission: Permission | None = None


def mark(view: View[_Given, _Answer], found: Mark) -> View[_Given, _Answer]:
    """Write down what a view asks for, when something else enforces it."""
    setattr(view, _MARK, found)
    return view


def mark_of(view: Callable[..., object]) -> Mark | None:
    """Give a view's mark, or None: somebody forgot it."""
    return cast("Mark | None", getattr(view, _MARK, None))


def public(view: View[_Given, _Answer]) -> View[_Given, _Answer]:
    """Let everybody open a view."""
    return mark(view, Mark(is_public=True))


def signed_in(view: View[_Given, _Answer]) -> View[_Given, _Answer | Response]:
    """Let those who are signed in open a view, whatever they may do. Strangers go to the sign-in."""

    @wraps(view)
    def guarded(*args: _Given.args, **values: _Given.kwargs) -> _Answer | Response:
        if identity.find_caller() is None:
            return _send_to_sign_in()
        return view(*args, **values)

    return mark(guarded, Mark())


def needs(
    permission: Permission,
) -> Callable[[View[_Given, _Answer]], View[_Given, _Answer | Response]]:
    """Let those open a view who hold a permission somewhere; the view asks about the very thing itself."""

    def decorate(view: View[_Given, _Answer]) -> View[_Given, _Answer | Response]:
        @wraps(view)
        def guarded(*args: _Given.args, **values: _Given.kwargs) -> _Answer | Response:
            caller = identity.find_caller()
            if caller is None:
                return _send_to_sign_in()
            if can_anywhere(caller.actor, permission):
                return view(*args, **values)
            if isinstance(caller, identity.Person) and not caller.may_something and _is_page():
                return redirect(url_for("auth.no_access"))
            denials.note_denied(permission, Subject("page", request.path))
            raise ForbiddenError(permission=permission.value)

        return mark(guarded, Mark(permission=permission))

    return decorate


def recent(view: View[_Given, _Answer]) -> View[_Given, _Answer | Response]:
    """Let those pass who proved lately who they are. It stands right under `needs`.

    A form is not even opened without it; a change that comes too late is refused with the way to the proof.
    """

    @wraps(view)
    def guarded(*args: _Given.args, **values: _Given.kwargs) -> _Answer | Response:
        if request.method not in _SAFE:
            recency.require()
        elif not recency.is_recent(opens_form=True):
            return recency.ask_first()
        return view(*args, **values)

    setattr(guarded, _RECENT, True)
    return guarded


def asks_recent(view: Callable[..., object]) -> bool:
    """Tell whether a view asks for a recent sign-in."""
    return bool(getattr(view, _RECENT, False))


def bot(bot_id: UUID, permission: Permission) -> BotView:
    """Get a bot for something that needs a permission on it.

    Raises:
        BotNotFoundError: there is none, or the person may not even see it; both look alike.
        ForbiddenError: seeing it is all that the person may do.
    """
    actor, subject = identity.actor(), Subject.bot(bot_id)
    view = bots.find_bot(services().session(), bot_id)
    if view is not None and can(actor, permission, subject):
        return view
    if view is not None:
        denials.note_denied(permission, subject)
        if can(actor, Permission.BOT_VIEW, subject):
            raise ForbiddenError(permission=permission.value)
    raise BotNotFoundError(ref=bot_id)


def _send_to_sign_in() -> Response:
    if not _is_page():
        raise UnauthenticatedError
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("auth.sign_in", next=wanted if wanted != "/" else None))


def _is_page() -> bool:
    """Tell whether a person waits for a page, so that another page helps more than an error."""
    return request.method in _SAFE and not wants_json()

"""Who may come in: every view is marked with what it asks for, and one that is not is opened to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from socialcube.domain.access.policy import can, can_anywhere
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.types import BotView
from socialcube.kernel.errors import ForbiddenError
from socialcube.web import identity
from socialcube.web.context import services

_MARK: Final = "__door__"

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class Openness(StrEnum):
    """How far a door stands open."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Door:
    """What a view asks of whoever comes.

    Attributes:
        permission: to be held on the site or on some bot; what it is held on is for the view to check.
    """

    openness: Openness
    permission: Permission | None = None


def mark(view: Callable[..., Any], door: Door) -> None:
    """Note what a view asks for, for views that check it themselves."""
    setattr(view, _MARK, door)


def door_of(view: Callable[..., Any]) -> Door | None:
    """Give what a view asks for, None when nobody said."""
    return cast("Door | None", getattr(view, _MARK, None))


def public(view: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Let everybody in."""
    mark(view, Door(Openness.PUBLIC))
    return view


def signed_in(view: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer | Response]:
    """Let signed-in people in, and send others to sign in."""
    return _guarded(view, Door(Openness.SIGNED_IN))


def needs(
    permission: Permission,
) -> Callable[[Callable[_Arguments, _Answer]], Callable[_Arguments, _Answer | Response]]:
    """Let people in who hold the permission on the site or on one bot at least."""
    return lambda view: _guarded(view, Door(Openness.PERMISSION, permission))


def check(door: Door) -> Response | None:
    """Give the answer for whoever may not pass, None for who may.

    Raises:
        ForbiddenError: signed in, and without the permission.
    """
    if door.openness is Openness.PUBLIC:
        return None
    person = identity.find_person()
    if person is None:
        return _to_sign_in()
    if door.permission is not None and not can_anywhere(person.actor, door.permission):
        raise ForbiddenError(permission=door.permission.value)
    return None


def bot(bot_id: UUID, permission: Permission = Permission.BOT_VIEW) -> BotView:
    """Give a bot that the person holds the permission on.

    Raises:
        BotNotFoundError: there is none, or the person may not even see it; the two answer alike.
        ForbiddenError: the person sees it, and may not do this.
    """
    who = identity.actor()
    found = bots.get_bot(services().session(), str(bot_id))
    subject = Subject.bot(found.id)
    if can(who, permission, subject):
        return found
    audit.record_denied(services().unit_of_work, who, permission, subject)
    if not can(who, Permission.BOT_VIEW, subject):
        raise BotNotFoundError(ref=str(bot_id))
    raise ForbiddenError(permission=permission.value)


def _guarded(view: Callable[_Arguments, _Answer], door: Door) -> Callable[_Arguments, _Answer | Response]:
    @wraps(view)
    def guarded(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer | Response:
        refusal = check(door)
        if refusal is not None:
            return refusal
        return view(*args, **kwargs)

    mark(guarded, door)
    return guarded


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=wanted))

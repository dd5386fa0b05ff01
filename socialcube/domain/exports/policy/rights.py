"""Who may take which list away. Asked three times: at the question, while it is done, and at the door."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from socialcube.domain.access import policy as access
from socialcube.domain.access.types import Actor, Scope
from socialcube.domain.exports.types import PERMISSIONS, Source
from socialcube.kernel.errors import ForbiddenError


def scope_of(actor: Actor, source: Source) -> Scope:
    """Give the bots whose rows of a list the actor may take away.

    Raises:
        ForbiddenError: of none.
    """
    scope = access.scope(actor, PERMISSIONS[source])
    if not scope:
        raise ForbiddenError(permission=PERMISSIONS[source].value)
    return scope


def covers(scope: Scope, other: Scope) -> bool:
    """Tell whether a scope allows all that another one allowed."""
    return scope.is_all or (not other.is_all and other.bot_ids <= scope.bot_ids)


def scope_to(scope: Scope) -> dict[str, object]:
    """Write a scope as JSON, so that a file says whose rows it may hold."""
    return {"is_all": scope.is_all, "bot_ids": sorted(map(str, scope.bot_ids))}


def scope_from(said: Mapping[str, Any]) -> Scope:
    """Read what `scope_to` wrote."""
    return Scope(is_all=bool(said["is_all"]), bot_ids=frozenset(map(UUID, said["bot_ids"])))


def file_name(source: Source, moment: datetime) -> str:
    """Give the name of a file, plain ASCII."""
    return f"{source.value.replace('.', '-')}-{moment:%Y%m%d-%H%M}.csv"

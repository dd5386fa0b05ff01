"""Finds out who calls."""

from socialcube.sandbox.errors import UnauthorizedError
from socialcube.sandbox.parts import Parts
from socialcube.sandbox.rest.call import Access, Caller


def identify(parts: Parts, header: str) -> Caller:
    """Give the caller that an Authorization header names; one without identity when it is wrong or absent."""
    scheme, _, token = header.strip().partition(" ")
    if scheme == "Bot":
        application = parts.world.applications.find_by_token(token)
        return Caller(application, application.id if application else 0, token=token)
    if scheme == "Bearer":
        grant = parts.grants.find(token)
        if grant is not None:
            return Caller(user_id=grant.user_id, scopes=frozenset(grant.scopes), token=token)
    return Caller(token=token)


def check(caller: Caller, access: Access) -> None:
    """Let through whom a route is for, or raise UnauthorizedError."""
    allowed = caller.application is not None or (access is Access.ANYONE and caller.user_id != 0)
    if access is not Access.OPEN and not allowed:
        raise UnauthorizedError

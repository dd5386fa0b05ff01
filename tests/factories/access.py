"""Actors for tests."""

from uuid import UUID

from socialcube.domain.access.types import Actor, Permission


def make_actor(*permissions: Permission, bot_id: UUID | None = None) -> Actor:
    """Make a person who holds these on the site, or on one bot."""
    held = frozenset(permissions)
    if bot_id is None:
        return Actor("user", "ann", held)
    return Actor("user", "ann", frozenset(), {bot_id: held})


def make_owner() -> Actor:
    """Make a person who may do everything."""
    return Actor("user", "olga", frozenset(Permission))

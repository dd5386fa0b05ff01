"""How much a key may do: its scopes, on its bots, and never more than its maker at the same moment."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from socialcube.domain.access.policy import can, can_anywhere
from socialcube.domain.access.types import (
    BOT_PERMISSIONS,
    SITE_PERMISSIONS,
    Actor,
    Permission,
    Subject,
)
from socialcube.domain.api_keys.errors import InvalidKeyError
from socialcube.kernel.errors import ForbiddenError

NEVER: Final = frozenset({Permission.MEMBER_MANAGE, Permission.APIKEY_MANAGE, Permission.SITE_ADMIN})
"""What no key may do: a stolen one must not be able to make friends."""


def make_key_actor(
    key_id: UUID, scopes: frozenset[Permission], bots: frozenset[UUID] | None, maker: Actor
) -> Actor:
    """Fold a key and what its maker holds at this moment into what the key may do.

    It works only where the maker may make keys. One that is limited to bots does nothing to the site.
    """
    asked = scopes - NEVER
    if bots is not None:
        return Actor.key(
            key_id, frozenset(), {bot: held for bot in bots if (held := _held_on(maker, bot) & asked)}
        )
    if Permission.APIKEY_MANAGE in maker.permissions:
        on_site = maker.permissions & asked
        more = {bot: (held | maker.permissions) & asked for bot, held in maker.bot_permissions.items()}
        return Actor.key(key_id, on_site, {bot: held for bot, held in more.items() if held - on_site})
    on_bots = {bot: held for bot in maker.bot_permissions if (held := _held_on(maker, bot) & asked)}
    return Actor.key(key_id, frozenset(), on_bots)


def check_scopes(maker: Actor, names: Iterable[str], bots: frozenset[UUID] | None) -> frozenset[Permission]:
    """Give the scopes of a key that a person is about to make.

    Raises:
        InvalidKeyError: there are none, one is unknown, or one that no key may have or the maker lacks.
        ForbiddenError: the maker may not make keys there.
    """
    try:
        scopes = frozenset(map(Permission, names))
    except ValueError:
        raise InvalidKeyError(reason="one of its permissions does not exist") from None
    _require_maker(maker, bots)
    if not scopes:
        raise InvalidKeyError(reason="it allows nothing; choose at least one thing that it may do")
    _refuse("no key may do this", scopes & NEVER)
    if bots is not None:
        _refuse(
            "this concerns the whole site, so the key cannot be limited to bots", scopes & SITE_PERMISSIONS
        )
    trial = make_key_actor(UUID(int=0), scopes, bots, maker)
    _refuse("you may not do this yourself there", {each for each in scopes if not can_anywhere(trial, each)})
    return scopes


def list_offered(maker: Actor) -> frozenset[Permission]:
    """Give what a person may put into a key at all."""
    trial = make_key_actor(UUID(int=0), frozenset(Permission), None, maker)
    return frozenset(each for each in Permission if can_anywhere(trial, each))


def _require_maker(maker: Actor, bots: frozenset[UUID] | None) -> None:
    if bots is None:
        is_allowed = can_anywhere(maker, Permission.APIKEY_MANAGE)
    else:
        is_allowed = bool(bots) and all(
            can(maker, Permission.APIKEY_MANAGE, Subject.bot(bot)) for bot in bots
        )
    if bots is not None and not bots:
        raise InvalidKeyError(reason="it reaches no bot; choose one at least, or all of them")
    if not is_allowed:
        raise ForbiddenError(permission=Permission.APIKEY_MANAGE.value)


def _held_on(maker: Actor, bot: UUID) -> frozenset[Permission]:
    held = (maker.permissions | maker.bot_permissions.get(bot, frozenset())) & BOT_PERMISSIONS
    return held if Permission.APIKEY_MANAGE in held else frozenset()


def _refuse(why: str, permissions: Iterable[Permission]) -> None:
    named = ", ".join(sorted(permissions))
    if named:
        raise InvalidKeyError(reason=f"{why}: {named}")

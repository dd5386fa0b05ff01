"""How keys are made, rotated and revoked."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can, require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts import service as people
from socialcube.domain.accounts.errors import UserDisabledError
from socialcube.domain.api_keys.errors import (
    InvalidKeyError,
    KeyEndedError,
    KeyNotFoundError,
    NotYourKeyError,
    TooManyKeysError,
)
from socialcube.domain.api_keys.models import ApiKey
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.api_keys.policy.scopes import check_scopes
from socialcube.domain.api_keys.queries import to_view
from socialcube.domain.api_keys.service.changes import conclude, facts_of, is_self, lock_key, moment_of
from socialcube.domain.api_keys.types import (
    DEFAULT_GRACE,
    DEFAULT_LIFE,
    MAX_GRACE,
    MAX_KEYS_OF_ONE,
    MAX_LIFE,
    MAX_NAME_LENGTH,
    ApiKeyView,
    KeyState,
)
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from socialcube.kernel.text import one_line

_DAY: Final = timedelta(days=1)


def make_key(  # noqa: PLR0913 - every fact of the key has its own name
    uow: UnitOfWork,
    actor: Actor,
    peppers: SigningKeys,
    *,
    user_id: UUID,
    name: str,
    scopes: Collection[str],
    bot_ids: Collection[UUID] | None = None,
    life: timedelta = DEFAULT_LIFE,
) -> tuple[ApiKeyView, Secret]:
    """Make a key. Its secret is given back this once.

    Args:
        uow: an open write unit.
        actor: who makes it: the person itself, or the command line for them.
        peppers: the key is stored under the newest one.
        user_id: the person whose rights it never exceeds.
        name: what it is for.
        scopes: what it may do, by the names of permissions.
        bot_ids: the bots it is limited to; None for all that the person may make keys for.
        life: how long it works.

    Raises:
        InvalidKeyError, TooManyKeysError, UserNotFoundError, UserDisabledError: as they say.
        ForbiddenError: the person may not make keys there, or is somebody else.
    """
    _require_self(actor, user_id, name)
    # Of several at once each sees those before it, so that together they keep to the limit.
    people.lock_user(uow, user_id)
    maker = accounts.get_user(uow.session, user_id)
    if maker.is_disabled:
        raise UserDisabledError(name=maker.display_name)
    bots = None if bot_ids is None else frozenset(bot_ids)
    allowed = check_scopes(accounts.load_actor(uow.session, user_id), scopes, bots)
    _require_room(uow, user_id)
    now, public_id = uow.clock.now(), writing.make_public_id()
    key = writing.make_key(public_id)
    row = ApiKey(
        id=new_id(),
        public_id=public_id,
        name=_check_name(name),
        user_id=user_id,
        scopes=sorted(allowed),
        bot_ids=None if bots is None else sorted(map(str, bots)),
        digest=writing.digest(peppers, key.reveal()),
        created_at=now,
        expires_at=now + _check_life(life),
        places=[],
    )
    uow.session.add(row)
    conclude(uow, actor, "key.make", row, after=facts_of(row))
    return to_view(row), key


def rotate_key(
    uow: UnitOfWork, actor: Actor, peppers: SigningKeys, key_id: UUID, *, grace: timedelta = DEFAULT_GRACE
) -> tuple[ApiKeyView, Secret]:
    """Give a key a new secret. The one before works for a while, any older one ends now.

    Raises:
        KeyNotFoundError, KeyEndedError, NotYourKeyError: as they say.
        InvalidKeyError: the time is too long.
    """
    row = lock_key(uow, key_id)
    _require_self(actor, row.user_id, row.name)
    now = uow.clock.now()
    if to_view(row).state(now) is not KeyState.LIVE:
        raise KeyEndedError(name=row.name)
    if not timedelta(0) <= grace <= MAX_GRACE:
        raise InvalidKeyError(reason=f"its old secret may work on for {MAX_GRACE // _DAY} days at most")
    key = writing.make_key(row.public_id)
    row.previous_digest = row.digest if grace else ""
    row.previous_ends_at = now + grace if grace else None
    row.digest = writing.digest(peppers, key.reveal())
    uow.session.flush()
    after: dict[str, object] = {"old_secret_ends_at": moment_of(row.previous_ends_at)}
    conclude(uow, actor, "key.rotate", row, after=after)
    return to_view(row), key


def revoke_key(uow: UnitOfWork, actor: Actor, key_id: UUID) -> None:
    """End a key with both its secrets: its maker may, and who manages the site. Once is enough.

    Raises:
        KeyNotFoundError: there is none, or it is somebody else's; both look alike.
    """
    row = lock_key(uow, key_id)
    if not (is_self(actor, row.user_id) or can(actor, Permission.SITE_ADMIN)):
        raise KeyNotFoundError(ref=key_id)
    _end(uow, actor, row)


def erase_keys(uow: UnitOfWork, actor: Actor, user_id: UUID) -> None:
    """End all keys of a person who is about to be erased, and forget from where they were used.

    Raises:
        ForbiddenError: the actor is no site admin.
    """
    require(actor, Permission.SITE_ADMIN)
    mine = select(ApiKey.id).where(ApiKey.user_id == user_id).order_by(ApiKey.id)
    for key_id in uow.session.scalars(mine).all():
        row = lock_key(uow, key_id)
        row.last_address, row.places = "", []
        _end(uow, actor, row)


def _end(uow: UnitOfWork, actor: Actor, row: ApiKey) -> None:
    if row.revoked_at is not None:
        return
    row.revoked_at = uow.clock.now()
    row.previous_digest, row.previous_ends_at = "", None
    conclude(uow, actor, "key.revoke", row, before=facts_of(row))


def _require_self(actor: Actor, user_id: UUID, name: str) -> None:
    # Who has the shell has the database; a person never gets a secret that acts in another's name.
    if not (is_self(actor, user_id) or actor.kind == "cli"):
        raise NotYourKeyError(name=name)


def _require_room(uow: UnitOfWork, user_id: UUID) -> None:
    working = (ApiKey.revoked_at.is_(None), ApiKey.expires_at > uow.clock.now())
    count = uow.session.scalar(
        select(func.count()).select_from(ApiKey).where(ApiKey.user_id == user_id, *working)
    )
    if (count or 0) >= MAX_KEYS_OF_ONE:
        raise TooManyKeysError(count=count)


def _check_name(name: str) -> str:
    clean = one_line(name.strip(), MAX_NAME_LENGTH + 1)
    if not clean:
        raise InvalidKeyError(reason="it needs a name that says what it is for")
    if len(clean) > MAX_NAME_LENGTH:
        raise InvalidKeyError(reason=f"its name is longer than {MAX_NAME_LENGTH} characters")
    return clean


def _check_life(life: timedelta) -> timedelta:
    if not _DAY <= life <= MAX_LIFE:
        raise InvalidKeyError(reason=f"it may work from 1 to {MAX_LIFE // _DAY} days")
    return life

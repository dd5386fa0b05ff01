"""Writes of the secrets of bots. A value is sealed before it touches a row, and never read back."""

from uuid import UUID

from sqlalchemy import select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bot_secrets.errors import SecretNotFoundError, TooManySecretsError
from socialcube.domain.bot_secrets.events import BotSecretsChanged
from socialcube.domain.bot_secrets.models import BotSecret
from socialcube.domain.bot_secrets.policy import check_host, check_name, check_value, context_of
from socialcube.domain.bot_secrets.queries import count_secrets
from socialcube.domain.bot_secrets.types import MAX_SECRETS
from socialcube.domain.bots.ports import TokenSealer
from socialcube.domain.bots.queries import get_bot
from socialcube.domain.bots.service import lock_bot
from socialcube.domain.bots.types import SealedCell
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret


def set_secret(  # noqa: PLR0913 - every fact of the secret has its own name
    uow: UnitOfWork,
    sealer: TokenSealer,
    actor: Actor,
    bot_id: UUID,
    *,
    name: str,
    host: str,
    value: Secret,
) -> UUID:
    """Store a secret, or replace the one of this name. Who binds it to another host types it anew.

    Raises:
        BotNotFoundError, ForbiddenError, TooManySecretsError: as they say.
        InvalidSecretNameError, InvalidSecretHostError, InvalidSecretValueError: as they say.
    """
    _require(uow, actor, bot_id)
    # Two first ones of a name at once become one, and together they keep to the limit.
    lock_bot(uow, bot_id)
    name, host, value = check_name(name), check_host(host), check_value(value)
    row = _find(uow, bot_id, name)
    before = None if row is None else _facts_of(row)
    if row is None:
        row = _add(uow, bot_id, name)
    row.host, row.set_by, row.updated_at = host, str(actor), uow.clock.now()
    row.sealed_value = sealer.seal(
        value,
        table=BotSecret.__tablename__,
        column=BotSecret.sealed_value.key,
        row_id=row.id,
        context=context_of(bot_id, name, host),
    )
    uow.session.flush()
    _audit(uow, actor, "secret.set", row, before=before, after=_facts_of(row))
    return row.id


def delete_secret(uow: UnitOfWork, actor: Actor, bot_id: UUID, name: str) -> None:
    """Destroy a secret. Steps that ask for it fail from now on.

    Raises:
        BotNotFoundError, ForbiddenError, SecretNotFoundError: as they say.
    """
    _require(uow, actor, bot_id)
    row = _find(uow, bot_id, name)
    if row is None:
        raise SecretNotFoundError(name=name)
    uow.session.delete(row)
    uow.session.flush()
    _audit(uow, actor, "secret.delete", row, before=_facts_of(row))


def replace_seal(uow: UnitOfWork, cell: SealedCell, sealed: str) -> bool:
    """Write the same value under another key, unless somebody changed it since it was read.

    Returns:
        Whether it was written.
    """
    statement = (
        update(BotSecret)
        .where(BotSecret.id == cell.row_id, BotSecret.sealed_value == cell.sealed)
        .values(sealed_value=sealed)
        .execution_options(synchronize_session=False)
    )
    return uow.session.connection().execute(statement).rowcount == 1


def _require(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    get_bot(uow.session, bot_id)
    require(actor, Permission.SECRET_EDIT, Subject.bot(bot_id))


def _find(uow: UnitOfWork, bot_id: UUID, name: str) -> BotSecret | None:
    statement = select(BotSecret).where(BotSecret.bot_id == bot_id, BotSecret.name == name).with_for_update()
    return uow.session.scalars(statement).one_or_none()


def _add(uow: UnitOfWork, bot_id: UUID, name: str) -> BotSecret:
    if count_secrets(uow.session, bot_id) >= MAX_SECRETS:
        raise TooManySecretsError(most=MAX_SECRETS)
    row = BotSecret(id=new_id(), bot_id=bot_id, name=name, created_at=uow.clock.now())
    uow.session.add(row)
    return row


def _facts_of(row: BotSecret) -> dict[str, object]:
    return {"name": row.name, "host": row.host}


def _audit(
    uow: UnitOfWork, actor: Actor, action: str, row: BotSecret, **facts: dict[str, object] | None
) -> None:
    audit.record(uow, actor, action, subject_kind="secret", subject_id=row.id, bot_id=row.bot_id, **facts)
    uow.record(BotSecretsChanged(row.bot_id))

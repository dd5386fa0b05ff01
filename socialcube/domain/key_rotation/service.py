"""Sealing everything to the newest key. A value gives way only to one that was opened again and is equal."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.audit import service as audit
from socialcube.domain.bot_secrets import service as bot_secrets
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.domain.bots.ports import TokenOpener, TokenSealer
from socialcube.domain.bots.types import SealedCell
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import FLEET, JobKind
from socialcube.domain.key_rotation.errors import KeyNotHeldError
from socialcube.domain.key_rotation.types import Resealed
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret

_TTL_SECONDS: Final = 3600.0
_RESEAL_SECONDS: Final = 60.0
_Write = Callable[[UnitOfWork, SealedCell, str], bool]
_WRITERS: Final[Mapping[str, _Write]] = {
    "bots": bots.replace_seal,
    "bot_secrets": bot_secrets.replace_seal,
}


def ask_rotation(uow: UnitOfWork, actor: Actor, sealer: TokenSealer) -> UUID:
    """Ask the fleet to seal everything to the newest key. Gives the job.

    Raises:
        ForbiddenError: the actor is no site admin.
    """
    key_id = sealer.key_ids[0]
    job_id = jobs.ask(
        uow, actor, JobKind.ROTATE_KEYS, {"key_id": key_id}, target=FLEET, ttl_seconds=_TTL_SECONDS
    )
    audit.record(
        uow, actor, "keys.rotate", subject_kind="site", subject_id="token_keys", after={"key_id": key_id}
    )
    return job_id


def ask_reseal(uow: UnitOfWork, actor: Actor, sealer: TokenSealer, bot_id: UUID) -> UUID:
    """Ask the fleet to seal one bot's token again, to the newest key. Gives the job.

    The token stays what it is and the bot goes on; only the fleet can open what is sealed.

    Raises:
        ForbiddenError: the actor may not replace the token.
    """
    key_id = sealer.key_ids[0]
    job_id = jobs.ask(
        uow,
        actor,
        JobKind.RESEAL_TOKEN,
        {"key_id": key_id},
        target=FLEET,
        bot_id=bot_id,
        ttl_seconds=_RESEAL_SECONDS,
    )
    audit.record(
        uow,
        actor,
        "bot.reseal",
        subject_kind="bot",
        subject_id=bot_id,
        bot_id=bot_id,
        after={"key_id": key_id},
    )
    return job_id


def require_key_held(opener: TokenOpener, sealer: TokenSealer) -> None:
    """Make sure that what the newest key closes can be opened here, before anything is sealed to it.

    Raises:
        KeyNotHeldError: its private half is missing, or is not its own.
    """
    probe, row_id = Secret("probe"), new_id()
    try:
        sealed = sealer.seal(probe, table="probe", column="probe", row_id=row_id)
        is_same = opener.open(sealed, table="probe", column="probe", row_id=row_id) == probe
    except TokenUnreadableError:
        is_same = False
    if not is_same:
        raise KeyNotHeldError(key_id=sealer.key_ids[0])


def reseal(
    uow: UnitOfWork, opener: TokenOpener, sealer: TokenSealer, cells: Iterable[SealedCell]
) -> Resealed:
    """Seal some values to the newest key. What cannot be opened stays as it is, and is told.

    Doing it twice does no harm: each value is written only where it still stands as it was read.

    Raises:
        KeyNotHeldError: what was just sealed cannot be opened again.
    """
    return sum((_reseal(uow, opener, sealer, cell) for cell in cells), Resealed())


def _reseal(uow: UnitOfWork, opener: TokenOpener, sealer: TokenSealer, cell: SealedCell) -> Resealed:
    place = {"table": cell.table, "column": cell.column, "context": cell.context}
    try:
        value = opener.open(cell.sealed, **place, row_id=cell.row_id)
    except TokenUnreadableError:
        return Resealed(unreadable=(cell,))
    sealed = sealer.seal(value, **place, row_id=cell.row_id)
    try:
        is_same = opener.open(sealed, **place, row_id=cell.row_id) == value
    except TokenUnreadableError:
        is_same = False
    if not is_same:
        raise KeyNotHeldError(key_id=sealer.key_ids[0])
    return Resealed(done=1) if _WRITERS[cell.table](uow, cell, sealed) else Resealed(moved=1)

"""Writes of channels. An address is sealed before it touches a row, and never read back for people."""

from uuid import UUID

from sqlalchemy import update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.alerts.errors import ChannelNotFoundError, TooManyChannelsError
from socialcube.domain.alerts.models import AlertChannel
from socialcube.domain.alerts.policy import check_name
from socialcube.domain.alerts.ports import AddressSealer
from socialcube.domain.alerts.queries import count_channels
from socialcube.domain.alerts.service.telling import drop_waiting
from socialcube.domain.alerts.types import MAX_CHANNELS, Address, ChannelKind, SealedAddress
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.queries import get_bot
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind
from socialcube.kernel.errors import VersionConflictError
from socialcube.kernel.ids import new_id

TEST_SECONDS = 60.0
"""How long the answer to a test is waited for."""


def create_channel(  # noqa: PLR0913 - every fact of the channel has its own name
    uow: UnitOfWork, actor: Actor, sealer: AddressSealer, *, name: str, address: Address, bot_id: UUID | None
) -> UUID:
    """Add a channel that is told of one bot, or of every bot. Gives its key.

    Raises:
        BotNotFoundError, ForbiddenError, InvalidChannelNameError, TooManyChannelsError: as they say.
    """
    _require(uow, actor, bot_id)
    if count_channels(uow.session, bot_id) >= MAX_CHANNELS:
        raise TooManyChannelsError(most=MAX_CHANNELS)
    row = AlertChannel(id=new_id(), made_by=str(actor), name=check_name(name), bot_id=bot_id)
    row.created_at = row.updated_at = uow.clock.now()
    _lead_to(row, address, sealer)
    uow.session.add(row)
    uow.session.flush()
    _audit(uow, actor, "alert.channel_create", row, after=_facts_of(row))
    return row.id


def edit_channel(  # noqa: PLR0913 - every fact of the change has its own name
    uow: UnitOfWork,
    actor: Actor,
    sealer: AddressSealer,
    channel_id: UUID,
    *,
    version: int,
    name: str,
    bot_id: UUID | None,
    is_on: bool,
    address: Address | None,
) -> None:
    """Change a channel. Without an address it keeps the one that it has.

    Raises:
        ChannelNotFoundError, BotNotFoundError, ForbiddenError, InvalidChannelNameError: as they say.
        VersionConflictError: somebody else changed it since.
    """
    row = _get(uow, actor, channel_id)
    if row.version != version:
        raise VersionConflictError
    if bot_id != row.bot_id:
        _require(uow, actor, bot_id)
    before = _facts_of(row)
    row.name, row.bot_id = check_name(name), bot_id
    if address is not None:
        _lead_to(row, address, sealer)
    if address is not None or (is_on and not row.is_on):
        row.problem = ""
    row.is_on = is_on
    if address is None and _facts_of(row) == before:
        return
    row.updated_at = uow.clock.now()
    uow.session.flush()
    _audit(
        uow,
        actor,
        "alert.channel_edit",
        row,
        before=before,
        after=_facts_of(row) | ({"has_new_address": True} if address else {}),
    )


def delete_channel(uow: UnitOfWork, actor: Actor, channel_id: UUID) -> None:
    """Take a channel away, with its address. What was told through it is still listed.

    Raises:
        ChannelNotFoundError, ForbiddenError: as they say.
    """
    row = _get(uow, actor, channel_id)
    before = _facts_of(row)
    drop_waiting(uow, channel_id, "The channel was taken away before it could be sent.")
    uow.session.delete(row)
    uow.session.flush()
    _audit(uow, actor, "alert.channel_delete", row, before=before)


def ask_test(uow: UnitOfWork, actor: Actor, channel_id: UUID) -> UUID:
    """Ask a worker to send a test through a channel, one that is switched off too. Gives the job.

    Raises:
        ChannelNotFoundError, ForbiddenError: as they say.
    """
    row = _get(uow, actor, channel_id)
    _audit(uow, actor, "alert.channel_test", row)
    return jobs.ask(
        uow,
        actor,
        JobKind.TEST_ALERT,
        {"channel_id": str(channel_id)},
        bot_id=row.bot_id,
        ttl_seconds=TEST_SECONDS,
    )


def replace_seal(uow: UnitOfWork, found: SealedAddress, sealed: str) -> bool:
    """Write the same address under another key, unless somebody changed it since it was read.

    Returns:
        Whether it was written.
    """
    statement = (
        update(AlertChannel)
        .where(AlertChannel.id == found.channel_id, AlertChannel.sealed_address == found.sealed)
        .values(sealed_address=sealed)
        .execution_options(synchronize_session=False)
    )
    return uow.session.connection().execute(statement).rowcount == 1


def _require(uow: UnitOfWork, actor: Actor, bot_id: UUID | None) -> None:
    if bot_id is not None:
        get_bot(uow.session, bot_id)
    require(actor, Permission.ALERT_EDIT, Subject("channel", "", bot_id))


def _get(uow: UnitOfWork, actor: Actor, channel_id: UUID) -> AlertChannel:
    row = uow.session.get(AlertChannel, channel_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ChannelNotFoundError(kind="alert channel")
    require(actor, Permission.ALERT_EDIT, Subject("channel", str(channel_id), row.bot_id))
    return row


def _lead_to(row: AlertChannel, address: Address, sealer: AddressSealer) -> None:
    row.kind, row.shown = address.kind, address.shown
    row.sealed_address = sealer.seal(address.target, channel_id=row.id)


def _facts_of(row: AlertChannel) -> dict[str, object]:
    """Give what the audit log tells: of an e-mail address nothing, since it is somebody's own."""
    shown = {"leads_to": row.shown} if row.kind == ChannelKind.DISCORD else {}
    place = None if row.bot_id is None else str(row.bot_id)
    return {"name": row.name, "kind": row.kind, "is_on": row.is_on, "bot_id": place, **shown}


def _audit(
    uow: UnitOfWork, actor: Actor, action: str, row: AlertChannel, **facts: dict[str, object] | None
) -> None:
    audit.record(uow, actor, action, subject_kind="channel", subject_id=row.id, bot_id=row.bot_id, **facts)

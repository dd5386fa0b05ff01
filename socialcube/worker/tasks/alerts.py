"""Looks how the bots are, and tells people of those in trouble."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from socialcube.domain.alerts import policy, queries, service
from socialcube.domain.alerts.errors import (
    AddressUnreadableError,
    ChannelGoneError,
    SendLaterError,
    SendRefusedError,
)
from socialcube.domain.alerts.types import Claimed, News, Patience
from socialcube.worker.runtime import Runtime

TELL_SECONDS: Final = 25.0
"""Less than a task may take, with the slowest mail server at its end; the rest is told at the next turn."""

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What one turn did.

    Attributes:
        sent: messages that arrived.
        delayed: messages that are tried again.
        failed: messages that never will arrive.
        lost: messages of which nobody knows, since their sender ended in the middle.
    """

    sent: int = 0
    delayed: int = 0
    failed: int = 0
    lost: int = 0


def watch_bots(runtime: Runtime) -> Told:
    """Look at all bots, then tell what is new. Doubled or late, it tells nothing twice."""
    shared = runtime.services.shared
    alerts = shared.settings.alerts
    patience = Patience(
        grace=timedelta(seconds=alerts.grace_seconds), recovery=timedelta(seconds=alerts.recovery_seconds)
    )
    with shared.unit_of_work() as uow:
        service.look(uow, patience, lease_seconds=shared.settings.fleet.lease_seconds)
        uow.commit()
    seal_anew(runtime)
    return tell(runtime)


def tell(runtime: Runtime) -> Told:
    """Send every message that is due. One channel that hangs delays the others, and harms them no further."""
    shared = runtime.services.shared
    ends_at = shared.clock.monotonic() + TELL_SECONDS
    with shared.unit_of_work() as uow:
        lost = service.note_lost(uow)
        due = service.list_due_channels(uow)
        uow.commit()
    counts = {"sent": 0, "delayed": 0, "failed": 0}
    for channel_id, news in due:
        if shared.clock.monotonic() >= ends_at:
            break
        outcome = _tell_channel(runtime, channel_id, news)
        if outcome:
            counts[outcome] += 1
    return Told(lost=lost, **counts)


def seal_anew(runtime: Runtime) -> int:
    """Seal addresses to the newest SECRET_KEY, so that an older one can be dropped. Gives how many."""
    services = runtime.services
    with services.shared.reads() as session:
        stale = [
            found
            for found in queries.list_addresses(session)
            if services.addresses.key_of(found.sealed) != services.addresses.newest
        ]
    count = 0
    for found in stale:
        try:
            address = services.addresses.open(found.sealed, channel_id=found.channel_id)
        except AddressUnreadableError:
            # Whoever sends through it learns so, and the channel then says so.
            continue
        sealed = services.addresses.seal(address, channel_id=found.channel_id)
        with services.shared.unit_of_work() as uow:
            count += service.replace_seal(uow, found, sealed)
            uow.commit()
    return count


def _tell_channel(runtime: Runtime, channel_id: UUID, news: News) -> str:
    """Take what is due for a channel, send it as one message, and note what became of it."""
    shared = runtime.services.shared
    with shared.unit_of_work() as uow:
        taken = service.claim_messages(uow, channel_id, news)
        uow.commit()
    if taken is None:
        return ""
    try:
        _send(runtime, taken)
    except SendLaterError as error:
        with shared.unit_of_work() as uow:
            service.note_later(uow, taken, error.message, error.wait)
            uow.commit()
        return "delayed"
    except (SendRefusedError, AddressUnreadableError, ChannelGoneError) as error:
        note = service.note_refused if isinstance(error, SendRefusedError) else service.note_gone
        _log.warning("alert channel %s: %s", channel_id, error.code)
        with shared.unit_of_work() as uow:
            note(uow, taken, error.message)
            uow.commit()
        return "failed"
    with shared.unit_of_work() as uow:
        service.note_sent(uow, taken)
        uow.commit()
    return "sent"


def _send(runtime: Runtime, taken: Claimed) -> None:
    services = runtime.services
    shared = services.shared
    target = services.addresses.open(taken.address.sealed, channel_id=taken.address.channel_id)
    notice = policy.compose(taken, public_url=shared.settings.web.public_url, now=shared.clock.now())
    services.messengers[taken.address.kind].send(target, notice)

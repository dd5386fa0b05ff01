"""Looks once a minute which bots are online, for the course of that figure."""

from datetime import timedelta
from typing import Final

from sqlalchemy import case, delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.access.types import Scope
from socialcube.domain.logs.types import NO_BOT, Grain
from socialcube.domain.overview.models import OnlineHour
from socialcube.domain.overview.policy import floor_of
from socialcube.domain.overview.queries.online import LEASE_SECONDS, list_connected

KEPT: Final = timedelta(days=9)
"""The longest period of a page, and days to spare."""


def sample_online(uow: UnitOfWork, *, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Note which of the wanted bots are online, once for each minute.

    Several may call it at once, and as often as they like: a minute's bit is set or it is not.

    Args:
        uow: an open write unit.
        lease_seconds: how long a runner that was not seen still counts as living.

    Returns:
        Whether this minute was still unknown.
    """
    now = uow.clock.now()
    hour, bit = floor_of(Grain.HOUR, now), 1 << now.minute
    looked = uow.session.get(OnlineHour, (hour, NO_BOT), populate_existing=True)
    if looked is not None and looked.minutes & bit:
        return False
    online, _ = list_connected(uow.session, Scope(is_all=True), now, lease_seconds)
    table = OnlineHour.__table__
    insert = insert_for(uow.session)(table)
    is_new = table.c.minutes.bitwise_and(bit) == 0
    changes = {
        "minutes": table.c.minutes.bitwise_or(bit),
        "count": table.c.count + case((is_new, 1), else_=0),
    }
    # Always in the same order: two that look at once then wait for each other instead of locking up.
    keys = sorted([NO_BOT, *online])
    uow.session.execute(
        insert.on_conflict_do_update(index_elements=["starts_at", "bot_id"], set_=changes),
        [{"starts_at": hour, "bot_id": key, "minutes": bit, "count": 1} for key in keys],
    )
    return True


def delete_expired_samples(uow: UnitOfWork) -> int:
    """Delete the hours that no page shows any more. Gives how many rows went."""
    old = delete(OnlineHour).where(OnlineHour.starts_at < uow.clock.now() - KEPT)
    return uow.session.connection().execute(old).rowcount

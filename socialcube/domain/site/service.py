"""Writes of settings that belong to the installation."""

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.site.models import Setting
from socialcube.domain.site.queries import require_origin
from socialcube.domain.site.types import FIRST_STEPS_DISMISSED, ORIGIN


def claim_origin(uow: UnitOfWork, origin: str) -> None:
    """Tie the database to one Discord, so that sandbox people and tokens never meet the real one.

    Several processes may start at once: the first origin stays, the others are compared with it.

    Args:
        uow: an open write unit.
        origin: scheme and host, like `https://discord.com`.

    Raises:
        OtherOriginError: the database belongs to another Discord.
    """
    now = uow.clock.now()
    row = {"key": ORIGIN, "value": origin, "created_at": now, "updated_at": now}
    upsert(uow.session, Setting, [row], key=[Setting.key])
    require_origin(uow.session, origin)


def dismiss_first_steps(uow: UnitOfWork, user_id: str) -> None:
    """Put the list of first steps away for one person. Again changes nothing."""
    now = uow.clock.now()
    key = FIRST_STEPS_DISMISSED.format(user_id=user_id)
    row = {"key": key, "value": True, "created_at": now, "updated_at": now}
    upsert(uow.session, Setting, [row], key=[Setting.key])

"""Writes of the answers for which a platform blocks a whole address."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from socialcube.db.types import now_plus, start_of_minute
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.placements.models import InvalidAnswer
from socialcube.domain.placements.queries import count_invalid_answers

_KEPT_SECONDS: Final = 3600.0


def report_invalid_answers(uow: UnitOfWork, address: str, counts: Mapping[UUID, int]) -> dict[UUID, int]:
    """Add what a runner's bots caused since its last report.

    Returns:
        What each bot of that address caused in the last ten minutes, over all runners.
    """
    # In one order, so that two runners never wait for each other's rows in a circle.
    for bot_id, count in sorted(counts.items()):
        insert = insert_for(uow.session)(InvalidAnswer).values(
            address=address, minute=start_of_minute(now_plus(0)), bot_id=bot_id, count=count
        )
        uow.session.execute(
            insert.on_conflict_do_update(
                index_elements=[InvalidAnswer.address, InvalidAnswer.minute, InvalidAnswer.bot_id],
                set_={"count": InvalidAnswer.count + count},
            )
        )
    return count_invalid_answers(uow.session, address)


def forget_old_invalid_answers(uow: UnitOfWork) -> None:
    """Remove what no platform counts any more."""
    uow.session.execute(
        delete(InvalidAnswer)
        .where(InvalidAnswer.minute < now_plus(-_KEPT_SECONDS))
        .execution_options(synchronize_session=False)
    )

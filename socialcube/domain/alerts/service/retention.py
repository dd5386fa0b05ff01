"""Deletes alerts that ended long ago."""

from datetime import timedelta

from sqlalchemy import delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.alerts.models import Alert


def delete_old(uow: UnitOfWork, *, days: int) -> int:
    """Delete the alerts that ended more than so many days ago, with what was told of them. Gives how many."""
    old = delete(Alert).where(Alert.ended_at < uow.clock.now() - timedelta(days=days))
    return uow.session.connection().execute(old).rowcount

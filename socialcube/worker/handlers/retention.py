"""Deletes what is older than it is kept: log and audit rows as the settings say, the rest after a while."""

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.accounts import service as accounts
from socialcube.domain.alerts import service as alerts
from socialcube.domain.audit import service as audit
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.domain.logs import service as logs
from socialcube.domain.overview import service as overview


def delete_expired(services: WorkerServices, _job: JobView) -> dict[str, object]:
    """Delete what is too old. Gives the number of rows or whole days that went, per table."""
    shared = services.shared
    engine, retention, now = shared.engine, shared.settings.retention, shared.clock.now()
    gone = logs.delete_expired(engine, retention, now)
    with shared.unit_of_work() as uow:
        ended, sessions = jobs.delete_ended(uow), accounts.delete_expired(uow)
        alerts_gone = alerts.delete_old(uow, days=retention.errors)
        figures = logs.delete_expired_figures(uow) + overview.delete_expired_samples(uow)
        uow.commit()
    return {
        **{stream.value: count for stream, count in gone.items()},
        "audit": audit.delete_expired(shared.unit_of_work, engine, retention.audit, now),
        "alerts": alerts_gone,
        "figures": figures,
        "jobs": ended,
        "sessions": sessions,
    }

"""Tasks. Each is thin: it opens a unit of work and calls one service."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from celery import Celery

from socialcube.infra.celery_settings import RUN_JOB
from socialcube.worker.runtime import Runtime
from socialcube.worker.tasks import alerts, audit, bots, jobs, logs, names

_BY_THE_CLOCK: Final[Mapping[str, Callable[[Runtime], object]]] = {
    names.RESEND_JOBS: jobs.resend_jobs,
    names.ASK_RETENTION: logs.ask_retention,
    names.ENSURE_PARTITIONS: logs.ensure_partitions,
    names.FOLD_FIGURES: logs.fold_figures,
    names.DELETE_FILES: jobs.delete_files,
    names.ANCHOR_AUDIT: audit.anchor_audit,
    names.PURGE_BOTS: bots.purge_bots,
    names.WATCH_BOTS: alerts.watch_bots,
}
"""What beat asks for. What each of these gives is for its tests."""


def register(app: Celery, runtime: Runtime) -> None:
    """Give every task its name in this application; shared ones would show up in all others too."""
    for name, work in _BY_THE_CLOCK.items():
        app.task(name=name, shared=False)(_without_answer(work, runtime))

    @app.task(name=RUN_JOB, shared=False)
    def run_job(job_id: str) -> None:
        jobs.run_job(runtime, UUID(job_id))

    @app.task(name=names.CANARY, shared=False)
    def sing() -> None:
        """Do nothing: that it was taken up is the news."""


def _without_answer(work: Callable[[Runtime], object], runtime: Runtime) -> Callable[[], None]:
    def run() -> None:
        work(runtime)

    return run

"""Tasks. Each is thin: it opens a unit of work and calls one service."""

from uuid import UUID

from celery import Celery

from socialcube.infra.celery_settings import RUN_JOB
from socialcube.worker.runtime import Runtime
from socialcube.worker.tasks import audit, bots, jobs, logs, names


def register(app: Celery, runtime: Runtime) -> None:
    """Give every task its name in this application; shared ones would show up in all others too."""

    @app.task(name=RUN_JOB, shared=False)
    def run_job(job_id: str) -> None:
        jobs.run_job(runtime, UUID(job_id))

    @app.task(name=names.RESEND_JOBS, shared=False)
    def resend_jobs() -> None:
        jobs.resend_jobs(runtime)

    @app.task(name=names.ASK_RETENTION, shared=False)
    def ask_retention() -> None:
        logs.ask_retention(runtime)

    @app.task(name=names.ENSURE_PARTITIONS, shared=False)
    def ensure_partitions() -> None:
        logs.ensure_partitions(runtime)

    @app.task(name=names.FOLD_FIGURES, shared=False)
    def fold_figures() -> None:
        logs.fold_figures(runtime)

    @app.task(name=names.DELETE_FILES, shared=False)
    def delete_files() -> None:
        jobs.delete_files(runtime)

    @app.task(name=names.ANCHOR_AUDIT, shared=False)
    def anchor_audit() -> None:
        audit.anchor_audit(runtime)

    @app.task(name=names.PURGE_BOTS, shared=False)
    def purge_bots() -> None:
        bots.purge_bots(runtime)

    @app.task(name=names.CANARY, shared=False)
    def sing() -> None:
        """Do nothing: that it was taken up is the news."""

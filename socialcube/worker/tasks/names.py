"""Names of all tasks; messages carry them, so they outlive the code's own names."""

from typing import Final

from socialcube.infra.celery_settings import RUN_JOB

RESEND_JOBS: Final = "jobs.resend"
ASK_RETENTION: Final = "logs.ask_retention"
ENSURE_PARTITIONS: Final = "logs.ensure_partitions"
FOLD_FIGURES: Final = "logs.fold_figures"
DELETE_FILES: Final = "jobs.delete_files"
ANCHOR_AUDIT: Final = "audit.anchor"
PURGE_BOTS: Final = "bots.purge"
WATCH_BOTS: Final = "alerts.watch"
CANARY: Final = "worker.canary"

ALL: Final = (
    RUN_JOB,
    RESEND_JOBS,
    ASK_RETENTION,
    ENSURE_PARTITIONS,
    FOLD_FIGURES,
    DELETE_FILES,
    ANCHOR_AUDIT,
    PURGE_BOTS,
    WATCH_BOTS,
    CANARY,
)

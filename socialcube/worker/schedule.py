"""What the clock asks for. Each entry is harmless when it comes twice, late or not at all."""

from typing import Any, Final

from celery.schedules import crontab

from socialcube.worker.tasks import names

RESEND_SECONDS: Final = 10
FOLD_SECONDS: Final = 10
PARTITION_SECONDS: Final = 3600
FILES_SECONDS: Final = 3600
PURGE_SECONDS: Final = 3600
ANCHOR_SECONDS: Final = 60
WATCH_SECONDS: Final = 15


def entries() -> dict[str, dict[str, Any]]:
    """Give the beat schedule. An entry that waited longer than its period in a queue is dropped."""
    return {
        names.RESEND_JOBS: _every(RESEND_SECONDS, names.RESEND_JOBS),
        names.ENSURE_PARTITIONS: _every(PARTITION_SECONDS, names.ENSURE_PARTITIONS),
        names.FOLD_FIGURES: _every(FOLD_SECONDS, names.FOLD_FIGURES),
        names.ANCHOR_AUDIT: _every(ANCHOR_SECONDS, names.ANCHOR_AUDIT),
        names.DELETE_FILES: _every(FILES_SECONDS, names.DELETE_FILES),
        names.WATCH_BOTS: _every(WATCH_SECONDS, names.WATCH_BOTS),
        names.PURGE_BOTS: _every(PURGE_SECONDS, names.PURGE_BOTS),
        # Hourly, though it asks only once a day: a beat that was off at one hour catches up at the next.
        names.ASK_RETENTION: {
            "task": names.ASK_RETENTION,
            "schedule": crontab(minute="17"),
            "options": {"expires": 3000},
        },
    }


def _every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}

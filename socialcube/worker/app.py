"""Makes the Celery application from settings. Importing this module does nothing."""

import tempfile
import warnings
from pathlib import Path
from typing import Any, Final

from celery import Celery
from celery.exceptions import SecurityWarning

from socialcube.infra.celery_settings import QUEUES, VISIBILITY_SECONDS, broker_settings
from socialcube.kernel.settings import Settings
from socialcube.worker import broker, lifecycle, schedule, tasks
from socialcube.worker.runtime import Runtime

SOCKET_TIMEOUT_SECONDS: Final = 10.0
SOFT_LIMIT_SECONDS: Final = 100
HARD_LIMIT_SECONDS: Final = 110
"""Below the visibility timeout: a task that is still running must not be delivered a second time."""

SHUTDOWN_SECONDS: Final = 10.0


def make_celery(settings: Settings) -> Celery:
    """Make the application of worker and beat. It connects to nothing yet.

    Args:
        settings: all that the environment decides.
    """
    # Celery warns a superuser because pickled messages can run code. This worker takes JSON only, and who
    # runs it as root does so on purpose, as in a container.
    warnings.filterwarnings("ignore", "You're running the worker with superuser", SecurityWarning)
    broker.install()
    app = Celery("socialcube.worker")
    app.conf.update(_settings(settings))
    runtime = Runtime(settings)
    tasks.register(app, runtime)
    lifecycle.connect(app, runtime)
    return app


def _settings(settings: Settings) -> dict[str, Any]:
    shared = broker_settings(
        settings.redis_url, namespace=settings.socketio_channel, socket_timeout=SOCKET_TIMEOUT_SECONDS
    )
    return shared | {
        # A task is acknowledged when it is done; doing it twice is harmless, since a job is claimed first.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_soft_time_limit": SOFT_LIMIT_SECONDS,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "visibility_timeout": VISIBILITY_SECONDS,
        "task_queues": {name: {} for name in QUEUES},
        # Each worker also has a queue of its own, for the canary.
        "worker_direct": True,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # Tasks that run when the connection is lost keep running; their claim is in the database.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_soft_shutdown_timeout": SHUTDOWN_SECONDS,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_send_task_events": False,
        "worker_enable_remote_control": False,
        "timezone": "UTC",
        "beat_schedule": schedule.entries(),
        "beat_schedule_filename": str(_beat_folder(settings.var_dir) / "beat-schedule"),
    }


def _beat_folder(var_dir: Path) -> Path:
    """Give a folder that can be written: what beat notes is worth a catch-up, not a failed start."""
    try:
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var_dir):
            return var_dir
    except OSError:
        return Path(tempfile.gettempdir())

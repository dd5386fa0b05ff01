"""What a worker does when it starts and ends, main process and pool apart."""

import sys
import threading
from typing import Any, Final

from celery import Celery, signals
from celery.utils.nodenames import worker_direct
from celery.worker import state
from kombu.exceptions import KombuError

from socialcube.bootstrap.services import check_database
from socialcube.infra import console_log
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.errors import SocialCubeError
from socialcube.worker.runtime import Runtime
from socialcube.worker.tasks import names
from socialcube.worker.watchdog import CANARY_SECONDS, Watchdog, watch

EXIT_CANNOT_START: Final = 69  # EX_UNAVAILABLE of sysexits.h


def connect(app: Celery, runtime: Runtime) -> None:
    """Hang the steps on Celery's signals. Once a process: signals are global there."""
    ended = threading.Event()

    def set_up_logging(**_: Any) -> None:
        console_log.configure(runtime.settings.log_level)

    def check_first(**_: Any) -> None:
        try:
            check_database(runtime.services.shared)
        except SocialCubeError as error:
            sys.stderr.write(f"{error.message} {error.remedy}\n")
            raise SystemExit(EXIT_CANNOT_START) from error
        finally:
            runtime.close()

    def start_pool_process(**_: Any) -> None:
        runtime.start()

    def stop_pool_process(**_: Any) -> None:
        runtime.close()

    def start_watchdog(sender: Any, **_: Any) -> None:
        watchdog = _make_watchdog(app, str(sender.hostname))
        threading.Thread(target=watch, args=(watchdog, ended), name="watchdog", daemon=True).start()

    def stop_watchdog(**_: Any) -> None:
        ended.set()

    for signal, step in (
        (signals.setup_logging, set_up_logging),
        (signals.worker_init, check_first),
        (signals.worker_process_init, start_pool_process),
        (signals.worker_process_shutdown, stop_pool_process),
        (signals.worker_ready, start_watchdog),
        (signals.worker_shutting_down, stop_watchdog),
    ):
        signal.connect(step, weak=False)


def _make_watchdog(app: Celery, hostname: str) -> Watchdog:
    own_queue = worker_direct(hostname).name

    def send_canary() -> bool:
        try:
            app.send_task(names.CANARY, queue=own_queue, retry=False, expires=CANARY_SECONDS)
        except (KombuError, OSError):
            return False
        return True

    return Watchdog(
        send_canary,
        count_canaries=lambda: state.total_count[names.CANARY],
        is_busy=lambda: len(state.active_requests) > 0,
        clock=SystemClock(),
    )

"""Tells the Celery workers that a job waits. The row is the truth: a lost message is sent again."""

import logging
from typing import Final
from uuid import UUID

from celery import Celery
from kombu.exceptions import KombuError

from socialcube.infra.breaker import Breaker
from socialcube.infra.celery_settings import DEFAULT_QUEUE, QUEUE_OF_KIND, RUN_JOB, broker_settings
from socialcube.infra.redis_clients import CALL_TIMEOUT_SECONDS
from socialcube.kernel.clock import Clock, SystemClock
from socialcube.kernel.secrets import Secret

_log: Final = logging.getLogger(__name__)


class CeleryTaskQueue:
    """Sends the ids of jobs. It knows the names of tasks only, never their code.

    Args:
        url: the Redis-compatible server.
        namespace: keeps installations apart that share one server.
        clock: turns the breaker's pause.
    """

    def __init__(self, url: Secret, *, namespace: str, clock: Clock | None = None) -> None:
        self._app = Celery("socialcube.sender", set_as_current=False)
        settings = broker_settings(url, namespace=namespace, socket_timeout=CALL_TIMEOUT_SECONDS)
        # kombu would try to connect again and again; whoever sends has no time, and beat sends later.
        settings["broker_transport_options"] |= {"max_retries": 0}
        self._app.conf.update(settings)
        self._breaker = Breaker(clock or SystemClock())

    def send(self, job_id: UUID, kind: str) -> bool:
        """Send one job to the queue of its kind. Never raises; tells whether the broker took it."""
        if not self._breaker.allows():
            return False
        queue = QUEUE_OF_KIND.get(kind, DEFAULT_QUEUE)
        try:
            self._app.send_task(RUN_JOB, args=[str(job_id)], queue=queue, retry=False)
        except (KombuError, OSError) as error:
            self._breaker.failed()
            _log.warning("the broker did not take job %s: %s", job_id, type(error).__name__)
            return False
        self._breaker.succeeded()
        return True

    def close(self) -> None:
        """Give back the connections."""
        self._app.close()

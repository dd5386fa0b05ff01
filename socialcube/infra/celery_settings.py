"""What senders and workers must agree on: where the broker is, and which queues exist."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from socialcube.domain.jobs.types import JobKind
from socialcube.kernel.secrets import Secret

DEFAULT_QUEUE: Final = "default"
DRY_RUN_QUEUE: Final = "dry_runs"

QUEUES: Final = (DEFAULT_QUEUE, DRY_RUN_QUEUE)
"""Every queue; docs/reference/queues.md and the Procfile are compared with it."""

QUEUE_OF_KIND: Final[Mapping[str, str]] = {JobKind.DRY_RUN: DRY_RUN_QUEUE}
"""Jobs that somebody waits for do not stand behind the others."""

RUN_JOB: Final = "jobs.run"
"""The task that does a job, given its id."""

VISIBILITY_SECONDS: Final = 120
"""After this an unacknowledged message is delivered again. Every task is shorter (faults: pitfall 23)."""


def broker_url(url: Secret) -> str:
    """Write our Redis URL as kombu reads it: a socket is `redis+socket://` there."""
    parts = urlsplit(url.reveal())
    if parts.scheme != "unix":
        return url.reveal()
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}"


def broker_settings(url: Secret, *, namespace: str, socket_timeout: float) -> dict[str, Any]:
    """Give the Celery settings that both sides share.

    Args:
        url: the Redis-compatible server.
        namespace: prefix of every key, so that installations can share a server.
        socket_timeout: seconds for one call: short where a request waits, longer in a worker.
    """
    return {
        "broker_url": broker_url(url),
        "broker_connection_timeout": socket_timeout,
        # Without a bound a send in a request could wait for a free connection for ever.
        "broker_pool_acquire_timeout": 1.0,
        "broker_transport_options": {
            "global_keyprefix": f"{namespace}:celery:",
            "visibility_timeout": VISIBILITY_SECONDS,
            "socket_timeout": socket_timeout,
            "socket_connect_timeout": socket_timeout,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        "task_default_queue": DEFAULT_QUEUE,
        "task_serializer": "json",
        "result_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        # Answers are rows of the jobs table; a second copy in Redis would only be lost.
        "task_ignore_result": True,
    }

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from socialcube.domain.jobs.types import JobKind
from socialcube.infra.breaker import PAUSE_SECONDS
from socialcube.infra.celery_settings import DEFAULT_QUEUE, DRY_RUN_QUEUE, RUN_JOB
from socialcube.infra.redis_clients import request_client
from socialcube.infra.task_queue import CeleryTaskQueue
from socialcube.kernel.ids import new_id
from tests.fakes.clock import FakeClock
from tests.support.valkey import RunningValkey


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queue(valkey: RunningValkey, clock: FakeClock) -> Iterator[CeleryTaskQueue]:
    queue = CeleryTaskQueue(valkey.url, namespace="test", clock=clock)
    yield queue
    queue.close()


def waiting(valkey: RunningValkey, queue: str) -> list[dict[str, Any]]:
    """Give the messages of a queue as they lie on the server."""
    with closing(request_client(valkey.url)) as client:
        return [json.loads(message) for message in client.lrange(f"test:celery:{queue}", 0, -1)]


def test_a_job_waits_as_json_in_the_queue_of_its_kind(valkey: RunningValkey, queue: CeleryTaskQueue) -> None:
    first, second = new_id(), new_id()
    assert queue.send(first, JobKind.DRY_RUN)
    assert queue.send(second, JobKind.RETENTION)
    for name, job_id in ((DRY_RUN_QUEUE, first), (DEFAULT_QUEUE, second)):
        (message,) = waiting(valkey, name)
        assert message["content-type"] == "application/json"
        assert message["headers"]["task"] == RUN_JOB
        assert str(job_id) in message["headers"]["argsrepr"]


def test_without_a_broker_sending_is_quick_and_quiet(valkey: RunningValkey, queue: CeleryTaskQueue) -> None:
    valkey.kill()
    started = time.monotonic()
    assert not any(queue.send(new_id(), JobKind.RETENTION) for _ in range(100))
    assert time.monotonic() - started < 3


def test_sending_works_again_once_the_broker_is_back(
    valkey: RunningValkey, queue: CeleryTaskQueue, clock: FakeClock
) -> None:
    assert queue.send(new_id(), JobKind.RETENTION)
    valkey.kill()
    assert not any(queue.send(new_id(), JobKind.RETENTION) for _ in range(3))
    valkey.start()
    clock.advance(PAUSE_SECONDS)
    # The first try finds the dead connection of the pool and drops it.
    sent = [queue.send(new_id(), JobKind.RETENTION) for _ in range(3)]
    assert sent[-1]
    assert len(waiting(valkey, DEFAULT_QUEUE)) == sum(sent)

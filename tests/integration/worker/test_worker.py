"""The real worker, against SQLite and a real Valkey that dies and comes back."""

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from redis import Redis

from socialcube.domain.access.types import Actor
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.infra.task_queue import CeleryTaskQueue
from socialcube.sandbox.control.client import Bot
from socialcube.worker.watchdog import DEAF_AFTER_SECONDS
from tests.support.installation import HELLO, Installation
from tests.support.processes import RunningProcess
from tests.support.valkey import RunningValkey

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

ACTOR = Actor.system("tests")
NAMESPACE = "socialcube"
FERN = Bot("77", "Fern", "", "token", "secret", [], 0, 1000, 1, 1, [], online=False)


@pytest.fixture
def valkey() -> Iterator[RunningValkey]:
    with RunningValkey() as server:
        yield server


@pytest.fixture
def installation(tmp_path: Path, valkey: RunningValkey) -> Iterator[Installation]:
    url = f"sqlite:///{tmp_path}/socialcube.db"
    with Installation(tmp_path, url, "http://127.0.0.1:1/api/v10", valkey.url.reveal()) as installation:
        yield installation


@pytest.fixture
def queue(valkey: RunningValkey) -> Iterator[CeleryTaskQueue]:
    queue = CeleryTaskQueue(valkey.url, namespace=NAMESPACE)
    yield queue
    queue.close()


Start = Callable[[str], RunningProcess]


@pytest.fixture
def start(installation: Installation) -> Iterator[Start]:
    """Start `worker` or `beat`; all end with the test."""
    started: list[RunningProcess] = []
    words = {
        "worker": [
            "--queues",
            "default,dry_runs",
            "--without-gossip",
            "--without-mingle",
            "--concurrency",
            "1",
        ],
        "beat": [],
    }

    def start(name: str) -> RunningProcess:
        log = installation.folder / f"{name}{len(started)}.log"
        command = ["celery", "-A", "celery_worker", name, *words[name]]
        started.append(RunningProcess(command, installation.environment, log))
        return started[-1]

    yield start
    for process in started:
        process.kill()


def ask(installation: Installation) -> UUID:
    with installation.unit() as uow:
        job_id = service.ask(uow, ACTOR, JobKind.RETENTION, {})
        uow.commit()
    return job_id


def get(installation: Installation, job_id: UUID) -> JobView:
    with installation.reading() as session:
        return queries.get_job(session, job_id)


def assert_done_in_time(
    worker: RunningProcess, installation: Installation, job_id: UUID, seconds: float = 40.0
) -> None:
    worker.wait_for(lambda: get(installation, job_id).state is JobState.DONE, "the job was done", seconds)


def test_a_worker_does_what_is_sent_and_ends_politely(
    installation: Installation, queue: CeleryTaskQueue, start: Start
) -> None:
    worker = start("worker")
    bot_id = installation.add_bot(FERN, HELLO, start=False)
    with installation.unit() as uow:
        payload = {"bot_id": str(bot_id), "command": "hello", "options": {"who": "you"}}
        job_id = service.ask(uow, ACTOR, JobKind.DRY_RUN, payload)
        uow.commit()
    assert queue.send(job_id, JobKind.DRY_RUN)
    assert_done_in_time(worker, installation, job_id)
    result = get(installation, job_id).result
    assert result is not None
    assert "Hello you!" in str(result["messages"])
    for _ in range(3):
        worker.send(signal.SIGTERM)
    assert worker.wait() == 0


def test_a_job_whose_message_never_left_is_sent_by_beat(installation: Installation, start: Start) -> None:
    job_id = ask(installation)
    start("beat")
    assert_done_in_time(start("worker"), installation, job_id)
    assert get(installation, job_id).attempts == 1


def test_a_job_of_a_killed_worker_is_done_by_the_next(installation: Installation, start: Start) -> None:
    job_id = ask(installation)
    with installation.unit() as uow:
        # What a worker leaves that was killed in the middle: claimed, unanswered, its message gone.
        assert service.claim(uow, job_id, "worker:gone:1", claim_seconds=2)
        uow.commit()
    first = start("worker")
    first.wait_until_printed("ready.")
    first.kill()
    start("beat")
    assert_done_in_time(start("worker"), installation, job_id)
    assert get(installation, job_id).attempts == 2


def test_work_goes_on_after_valkey_was_killed(
    installation: Installation, valkey: RunningValkey, queue: CeleryTaskQueue, start: Start
) -> None:
    worker = start("worker")
    start("beat")
    worker.wait_until_printed("ready.")
    valkey.kill()
    lost = ask(installation)
    valkey.start()
    assert_done_in_time(worker, installation, lost, 60)
    direct = ask(installation)
    worker.wait_for(lambda: queue.send(direct, JobKind.RETENTION), "the broker took a message")
    assert_done_in_time(worker, installation, direct)
    assert [get(installation, job_id).attempts for job_id in (lost, direct)] == [1, 1]


def test_a_worker_that_finished_while_valkey_was_away_hears_the_next_message(
    installation: Installation, valkey: RunningValkey, queue: CeleryTaskQueue, start: Start
) -> None:
    worker = start("worker")
    worker.wait_until_printed("ready.")
    lasting = ask(installation)
    with closing(sqlite3.connect(str(installation.engine.url.database))) as writer:
        # Its task lasts as long as somebody else writes.
        writer.execute("BEGIN IMMEDIATE")
        assert queue.send(lasting, JobKind.RETENTION)
        with Redis.from_url(valkey.url.reveal()) as redis:
            worker.wait_for(lambda: redis.hlen(f"{NAMESPACE}:celery:unacked") == 1, "the worker has it")
        valkey.kill()
    worker.wait_until_printed("Couldn't ack")
    valkey.start()
    direct = ask(installation)
    worker.wait_for(lambda: queue.send(direct, JobKind.RETENTION), "the broker took a message")
    assert_done_in_time(worker, installation, direct, DEAF_AFTER_SECONDS - 5)
    assert get(installation, lasting).state is JobState.DONE
    assert "hears nothing" not in worker.printed()


def test_a_worker_refuses_a_database_that_is_not_up_to_date(installation: Installation, start: Start) -> None:
    installation.environment["DATABASE_URL"] = f"sqlite:///{installation.folder}/empty.db"
    worker = start("worker")
    assert worker.wait() == 69
    assert "flask --app wsgi db upgrade" in worker.printed()


def test_a_worker_refuses_to_see_the_opening_key(installation: Installation, start: Start) -> None:
    installation.environment["TOKEN_OPENING_KEY"] = installation.key_file.read_text()
    worker = start("worker")
    assert worker.wait() == 78
    assert "bot_runner.py alone" in worker.printed()
    assert installation.key_file.read_text() not in worker.printed()

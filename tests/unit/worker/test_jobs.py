from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import text

from socialcube.domain.access.types import Actor
from socialcube.domain.audit import service as audit
from socialcube.domain.bots import service as bots
from socialcube.domain.commands import documents
from socialcube.domain.commands import service as commands
from socialcube.domain.commands.queries import list_commands
from socialcube.domain.guilds import service as guilds
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import MAX_ATTEMPTS, WORKER, JobKind, JobState, JobView, fleet_target
from socialcube.domain.logs.types import ErrorLogRecord
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.kernel.errors import NotFoundError
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from socialcube.worker import handlers
from socialcube.worker.handlers import Handler
from socialcube.worker.tasks import jobs
from tests.factories.bots import make_identity
from tests.factories.guilds import make_field, make_guild
from tests.fakes.clock import FakeClock
from tests.fakes.sealing import FakeSealer
from tests.unit.worker.conftest import Worker

ACTOR = Actor.system("tests")
HELLO = """
schema: 1
name: hello
description: Says hello
options: [{name: count, type: integer, description: How many, required: true}]
steps:
  - {id: greet, type: reply, params: {text: "{{ options.count | plus: 1 }} for {{ bot.name }}"}}
"""


def ask(worker: Worker, kind: str = JobKind.RETENTION, *, target: str = WORKER, **payload: object) -> UUID:
    with worker.unit() as uow:
        job_id = service.ask(uow, ACTOR, kind, payload, target=target)
        uow.commit()
    return job_id


def get(worker: Worker, job_id: UUID) -> JobView:
    with worker.unit() as uow:
        return queries.get_job(uow.session, job_id)


def change(worker: Worker, statement: str) -> None:
    with worker.unit() as uow:
        uow.session.execute(text(statement))
        uow.commit()


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Give a list whose first item the retention handler raises."""
    failures: list[BaseException] = []

    def fail(*_: object) -> dict[str, object]:
        raise failures[0]

    monkeypatch.setitem(handlers.HANDLERS, JobKind.RETENTION, Handler(fail, claim_seconds=10))
    return failures


def add_hello(worker: Worker) -> UUID:
    identity = make_identity(name="Fern")
    with worker.unit() as uow:
        bot_id = bots.create_bot(uow, ACTOR, FakeSealer(), identity=identity, token=Secret("token"))
        commands.import_commands(uow, ACTOR, bot_id, documents.parse_yaml(HELLO))
        uow.commit()
    return bot_id


def test_a_dry_run_answers_what_the_draft_would_say(worker: Worker) -> None:
    bot_id = add_hello(worker)
    job_id = ask(worker, JobKind.DRY_RUN, bot_id=str(bot_id), command="hello", options={"count": "4"})
    jobs.run_job(worker.runtime, job_id)
    job = get(worker, job_id)
    assert job.state is JobState.DONE
    assert job.result is not None
    assert job.result["outcome"] == "succeeded"
    assert job.result["messages"][0]["content"] == "5 for Fern"  # type: ignore[index] # JSON


def test_a_dry_run_reads_what_is_set_for_the_server_that_is_named(worker: Worker) -> None:
    bot_id = add_hello(worker)
    with worker.unit() as uow:
        guild_id = guilds.sync_guild(uow, bot_id, "discord", make_guild(external_id=31))
        fields = [make_field(default="Hello")]
        guilds.define_fields(uow, ACTOR, bot_id, version=0, fields=fields)
        values = {"welcome": "Moin"}
        source = HELLO.replace("{{ options.count | plus: 1 }}", "{{ settings.welcome }}")
        commands.import_commands(uow, ACTOR, bot_id, documents.parse_yaml(source))
        off = [command.id for command in list_commands(uow.session, bot_id)]
        guilds.edit_settings(uow, ACTOR, bot_id, guild_id, version=0, disabled_commands=off, values=values)
        uow.commit()
    said = []
    places: list[dict[str, Any]] = [{}, {"guild_id": 31}]
    for place in places:
        asked: dict[str, Any] = {
            "bot_id": str(bot_id),
            "command": "hello",
            "options": {"count": "4"},
            **place,
        }
        job_id = ask(worker, JobKind.DRY_RUN, **asked)
        jobs.run_job(worker.runtime, job_id)
        said.append((get(worker, job_id).result or {})["messages"][0]["content"])  # type: ignore[index] # JSON
    assert said == ["Hello for Fern", "Moin for Fern"]


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"command": "hello", "options": {"count": "x"}}, "count"),
        ({"command": "nothing"}, "no command nothing"),
        ({"command": "hello", "surprise": 1}, "1 fields of the question are wrong"),
    ],
)
def test_a_dry_run_that_cannot_be_says_why(worker: Worker, payload: dict[str, Any], sentence: str) -> None:
    job_id = ask(worker, JobKind.DRY_RUN, bot_id=str(add_hello(worker)), **payload)
    jobs.run_job(worker.runtime, job_id)
    job = get(worker, job_id)
    assert job.state is JobState.FAILED
    assert sentence in job.problem
    assert worker.sink.records == []


def test_retention_says_what_went(worker: Worker) -> None:
    job_id = ask(worker)
    jobs.run_job(worker.runtime, job_id)
    nothing = dict.fromkeys(
        ["commands", "bots", "requests", "errors", "audit", "figures", "jobs", "sessions", "alerts"], 0
    )
    assert get(worker, job_id).result == nothing


def test_retention_deletes_audit_rows_that_are_too_old_and_no_others(worker: Worker) -> None:
    days = worker.runtime.settings.retention.audit
    for age in (days + 1, days - 1):
        with worker.unit() as uow:
            uow.clock = FakeClock(datetime.now(UTC) - timedelta(days=age))
            audit.record(uow, ACTOR, "bot.renamed", subject_kind="bot", subject_id=age)
            uow.commit()
    job_id = ask(worker)
    jobs.run_job(worker.runtime, job_id)
    assert (get(worker, job_id).result or {})["audit"] == 1


def test_retention_deletes_jobs_that_ended_long_ago(worker: Worker) -> None:
    old = ask(worker)
    change(worker, "UPDATE jobs SET state = 'done', finished_at = '2020-01-01 00:00:00.000000'")
    job_id = ask(worker)
    jobs.run_job(worker.runtime, job_id)
    assert (get(worker, job_id).result or {})["jobs"] == 1
    with pytest.raises(NotFoundError):
        get(worker, old)


def test_a_job_is_done_once_however_often_it_is_delivered(worker: Worker) -> None:
    job_id = ask(worker)
    for _ in range(3):
        jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).attempts == 1


def test_a_job_that_another_worker_holds_is_left_alone(worker: Worker) -> None:
    job_id = ask(worker)
    with worker.unit() as uow:
        service.claim(uow, job_id, "another")
        uow.commit()
    jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).claimed_by == "another"
    assert get(worker, job_id).state is JobState.RUNNING


def test_a_job_of_a_dead_worker_is_done_by_the_next(worker: Worker) -> None:
    job_id = ask(worker)
    with worker.unit() as uow:
        service.claim(uow, job_id, "dead", claim_seconds=-1)
        uow.commit()
    jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).state is JobState.DONE


def test_a_job_for_a_runner_is_not_touched(worker: Worker) -> None:
    job_id = ask(worker, JobKind.COMMAND_PLAN, target=fleet_target(new_id()))
    jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).state is JobState.QUEUED


def test_an_unknown_job_is_ignored(worker: Worker) -> None:
    jobs.run_job(worker.runtime, new_id())
    assert worker.sink.records == []


def test_a_known_failure_becomes_the_answer(worker: Worker, raising: list[BaseException]) -> None:
    raising.append(NotFoundError(kind="bot"))
    job_id = ask(worker)
    jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).problem == "There is no such bot."
    assert worker.sink.records == []


def test_the_unexpected_is_recorded_and_not_told(worker: Worker, raising: list[BaseException]) -> None:
    raising.append(RuntimeError("the-inside"))
    job_id = ask(worker)
    jobs.run_job(worker.runtime, job_id)
    assert "the-inside" not in get(worker, job_id).problem
    assert get(worker, job_id).state is JobState.FAILED
    (record,) = worker.sink.records
    assert isinstance(record, ErrorLogRecord)
    assert (record.source, record.trace_id) == ("worker", str(job_id))


def test_what_takes_too_long_says_so(worker: Worker, raising: list[BaseException]) -> None:
    raising.append(SoftTimeLimitExceeded())
    job_id = ask(worker)
    jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).problem == "It took too long and was stopped."


OLD = "UPDATE jobs SET created_at = datetime('now', '-60 seconds') || '.000000'"


def test_a_job_whose_message_was_lost_is_sent_again(worker: Worker) -> None:
    job_id = ask(worker)
    change(worker, OLD)
    assert jobs.resend_jobs(worker.runtime) == jobs.Resent(sent=1, expired=0)
    assert worker.queue.sent == [(job_id, JobKind.RETENTION)]
    assert jobs.resend_jobs(worker.runtime).sent == 0


def test_a_fresh_job_gets_time_to_arrive(worker: Worker) -> None:
    ask(worker)
    assert jobs.resend_jobs(worker.runtime).sent == 0


def test_a_lost_hint_to_a_runner_is_repeated(worker: Worker) -> None:
    target = fleet_target(new_id())
    job_id = ask(worker, JobKind.COMMAND_PLAN, target=target)
    change(worker, OLD)
    jobs.resend_jobs(worker.runtime)
    assert worker.bus.sent == [ControlMessage(Topic.JOBS_ASKED, target, str(job_id))]


def test_what_the_broker_did_not_take_is_tried_again_next_time(worker: Worker) -> None:
    ask(worker)
    change(worker, OLD)
    worker.queue.is_up = False
    assert jobs.resend_jobs(worker.runtime).sent == 0
    worker.queue.is_up = True
    assert jobs.resend_jobs(worker.runtime).sent == 1


def test_the_job_of_a_dead_worker_is_sent_again(worker: Worker) -> None:
    job_id = ask(worker)
    with worker.unit() as uow:
        service.claim(uow, job_id, "dead", claim_seconds=-1)
        uow.commit()
    assert jobs.resend_jobs(worker.runtime).sent == 1


def test_what_nobody_answered_in_time_expires(worker: Worker) -> None:
    job_id = ask(worker)
    change(worker, "UPDATE jobs SET expires_at = datetime('now', '-1 seconds') || '.000000'")
    assert jobs.resend_jobs(worker.runtime) == jobs.Resent(sent=0, expired=1)
    assert get(worker, job_id).state is JobState.EXPIRED


def test_what_ends_every_worker_is_given_up(worker: Worker) -> None:
    job_id = ask(worker)
    for number in range(MAX_ATTEMPTS):
        with worker.unit() as uow:
            assert service.claim(uow, job_id, f"dead {number}", claim_seconds=-1)
            uow.commit()
    jobs.resend_jobs(worker.runtime)
    assert get(worker, job_id).state is JobState.FAILED

import itertools
from typing import Any
from unittest.mock import ANY
from uuid import UUID

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Actor
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.policy import BULK_PAUSE_SECONDS
from socialcube.domain.bots.types import BulkOutcome, DesiredState
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.kernel.errors import InvalidInputError
from socialcube.kernel.ids import new_id
from socialcube.worker.handlers import bulk
from socialcube.worker.handlers.bulk import change_many
from socialcube.worker.tasks.jobs import run_job
from tests.factories.bots import make_bot
from tests.unit.worker.conftest import Worker

CLI = Actor.cli("root")


def store_bots(worker: Worker, count: int) -> list[UUID]:
    with worker.unit() as uow:
        ids = [make_bot(uow.session).id for _ in range(count)]
        uow.commit()
    return ids


def claimed(worker: Worker, actor: Actor = CLI, **payload: Any) -> JobView:
    with worker.unit() as uow:
        job_id = service.ask(uow, actor, JobKind.CHANGE_BOTS, payload)
        uow.commit()
    with worker.unit() as uow:
        job = service.claim(uow, job_id, "worker:tests")
        uow.commit()
    assert job is not None
    return job


def running(worker: Worker) -> int:
    with worker.unit() as uow:
        return len(bots.list_bots(uow.session, state=DesiredState.RUNNING))


def test_many_bots_start_in_steps_with_pauses_and_progress(worker: Worker) -> None:
    ids = store_bots(worker, 12)
    job = claimed(worker, action="start", bot_ids=[str(key) for key in ids])
    seen: list[tuple[float, int, int]] = []

    def pause(seconds: float) -> None:
        with worker.unit() as uow:
            seen.append((seconds, running(worker), queries.get_job(uow.session, job.id).progress))

    result = change_many(worker.runtime.services, job, sleep=pause)
    assert seen == [(BULK_PAUSE_SECONDS, 5, 41), (BULK_PAUSE_SECONDS, 10, 83)]
    assert running(worker) == 12
    assert result == {"done": [str(key) for key in sorted(ids)], "refused": {}}


def test_stopping_needs_no_pauses_and_tells_whom_it_could_not_stop(worker: Worker) -> None:
    ids, missing = store_bots(worker, 21), new_id()
    payload = [str(key) for key in (*ids, missing)]
    pauses: list[float] = []
    job = claimed(worker, action="stop", bot_ids=payload)
    result = change_many(worker.runtime.services, job, sleep=pauses.append)
    assert pauses == []
    assert result is not None
    assert result["refused"] == {str(missing): f"There is no bot {missing}."}


def test_a_withdrawn_job_stops_at_the_next_step(worker: Worker) -> None:
    ids = store_bots(worker, 8)
    job = claimed(worker, action="start", bot_ids=[str(key) for key in ids])

    def withdraw(_: float) -> None:
        with worker.unit() as uow:
            service.cancel(uow, CLI, job.id)
            uow.commit()

    change_many(worker.runtime.services, job, sleep=withdraw)
    assert running(worker) == 5


def test_a_second_worker_goes_on_where_the_first_one_died(worker: Worker) -> None:
    ids = store_bots(worker, 8)
    job = claimed(worker, action="restart", bot_ids=[str(key) for key in ids])
    with worker.unit() as uow:
        before = {bot.id: bot.generation for bot in bots.list_bots(uow.session)}

    def die(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change_many(worker.runtime.services, job, sleep=die)
    with worker.unit() as uow:
        uow.session.execute(text("UPDATE jobs SET claim_expires_at = created_at"))
        again = service.claim(uow, job.id, "worker:other")
        uow.commit()
    assert again is not None
    result = change_many(worker.runtime.services, again, sleep=lambda _: None)
    with worker.unit() as uow:
        grown = {bot.generation - before[bot.id] for bot in bots.list_bots(uow.session)}
    assert result is not None
    assert (grown, len(result["done"])) == ({1}, 8)  # type: ignore[arg-type] # JSON


def test_more_bots_than_one_turn_has_time_for_are_gone_on_with_in_the_next(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "STEPS_IN_TURN", 2)
    monkeypatch.setattr(bulk, "BULK_PAUSE_SECONDS", 0.0)
    ids = store_bots(worker, 21)
    with worker.unit() as uow:
        payload = {"action": "start", "bot_ids": [str(key) for key in ids]}
        job_id = service.ask(uow, CLI, JobKind.CHANGE_BOTS, payload)
        uow.commit()
    seen: list[tuple[bool, int, int, int]] = []
    for _ in range(3):
        # The message of each next turn leaves with the end of the former.
        assert worker.queue.sent == [(job_id, JobKind.CHANGE_BOTS)] * len(seen)
        run_job(worker.runtime, job_id)
        with worker.unit() as uow:
            job = queries.get_job(uow.session, job_id)
        seen.append((job.state.is_end, job.progress, job.attempts, running(worker)))
    assert seen == [(False, 47, 0, 10), (False, 95, 0, 20), (True, 100, 1, 21)]
    assert job.result == BulkOutcome(tuple(sorted(ids))).to_json()


def test_a_turn_that_takes_long_is_gone_on_with_in_the_next(worker: Worker) -> None:
    ids = store_bots(worker, 11)
    job = claimed(worker, CLI, action="stop", bot_ids=[str(key) for key in ids])
    passed = itertools.count(0, bulk.TURN_SECONDS / 2)
    assert change_many(worker.runtime.services, job, monotonic=lambda: next(passed)) is None
    with worker.unit() as uow:
        job = queries.get_job(uow.session, job.id)
    assert (job.progress, job.state.is_end) == (90, False)


@pytest.mark.parametrize("name", ["01a20644-a9dd-77f8-baaf-e36c608c6024", "nobody"])
def test_what_the_asker_may_not_do_any_more_is_not_done(worker: Worker, name: str) -> None:
    ids = store_bots(worker, 1)
    asker = Actor("user", name, CLI.permissions)
    job = claimed(worker, asker, action="start", bot_ids=[str(key) for key in ids])
    result = change_many(worker.runtime.services, job)
    assert result == {"done": [], "refused": ANY}
    assert running(worker) == 0


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"action": "delete", "bot_ids": [str(new_id())]},
        {"action": "start", "bot_ids": []},
        {"action": "start", "bot_ids": ["no id"]},
        {"action": "start", "bot_ids": [str(new_id())], "more": 1},
    ],
)
def test_a_question_of_a_wrong_shape_is_refused(worker: Worker, payload: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        change_many(worker.runtime.services, claimed(worker, **payload))

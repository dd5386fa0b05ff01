from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.errors import JobNotFoundError, JobTooLargeError, UnknownJobKindError
from socialcube.domain.jobs.events import JobAsked, JobEnded, JobProgressed
from socialcube.domain.jobs.models import Job
from socialcube.domain.jobs.policy import required_permission
from socialcube.domain.jobs.types import (
    MAX_ATTEMPTS,
    MAX_PAYLOAD_BYTES,
    JobKind,
    JobState,
    fleet_target,
)
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.jobs import from_now, make_job
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")
NOBODY, BOT = UUID(int=0), UUID(int=7)
RUNNING = {"state": JobState.RUNNING, "claimed_by": "old", "attempts": 1}


def running(session: Session, **changes: Any) -> Job:
    return make_job(session, **{**RUNNING, "claim_expires_at": from_now(86_400), **changes})


def stale(session: Session, **changes: Any) -> Job:
    return running(session, claim_expires_at=from_now(-1), **changes)


def everything(session: Session) -> dict[UUID, str]:
    return {job.id: job.state for job in session.query(Job).populate_existing()}


def test_a_question_waits_with_all_it_says(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    target = fleet_target(BOT)
    job_id = service.ask(
        uow, owner, JobKind.COMMAND_PLAN, {"a": [1, "ü"]}, target=target, bot_id=BOT, ttl_seconds=60
    )
    job = queries.get_job(uow.session, job_id)
    assert (job.kind, job.target, job.state, job.payload) == (
        "commands.plan",
        f"fleet:{BOT}",
        JobState.QUEUED,
        {"a": [1, "ü"]},
    )
    assert (job.asked_by, job.bot_id, job.attempts, job.progress) == ("user:olga", BOT, 0, 0)
    assert job.expires_at - job.created_at == pytest.approx(timedelta(seconds=60), abs=timedelta(seconds=1))
    assert published.events == []
    uow.commit()
    assert published.events == [JobAsked(job_id, target, "commands.plan")]


@pytest.mark.parametrize("kind", sorted(set(JobKind) - {JobKind.CHECK_MANAGER}))
def test_asking_needs_the_permission_of_the_kind(uow: UnitOfWork, kind: JobKind) -> None:
    needed = required_permission(kind)
    with pytest.raises(ForbiddenError):
        service.ask(uow, make_actor(*(set(Permission) - {needed})), kind, {}, bot_id=BOT)
    service.ask(uow, make_actor(needed), kind, {}, bot_id=BOT)


def test_a_permission_on_another_bot_is_none(uow: UnitOfWork) -> None:
    actor = make_actor(Permission.COMMAND_EDIT, bot_id=BOT)
    service.ask(uow, actor, JobKind.DRY_RUN, {}, bot_id=BOT)
    with pytest.raises(ForbiddenError):
        service.ask(uow, actor, JobKind.DRY_RUN, {}, bot_id=NOBODY)


def test_an_unknown_kind_is_refused_with_the_known_ones(uow: UnitOfWork, owner: Actor) -> None:
    with pytest.raises(UnknownJobKindError) as caught:
        service.ask(uow, owner, "bitcoin.mine", {})
    assert all(kind in caught.value.message for kind in ("bitcoin.mine", *JobKind))


def test_a_question_larger_than_a_row_should_be_is_refused(uow: UnitOfWork, owner: Actor) -> None:
    with pytest.raises(JobTooLargeError):
        service.ask(uow, owner, JobKind.DRY_RUN, {"a": "x" * MAX_PAYLOAD_BYTES})


def test_characters_that_no_database_stores_are_replaced(uow: UnitOfWork, owner: Actor) -> None:
    job_id = service.ask(uow, owner, JobKind.DRY_RUN, {"a\0": ["b\ud800", 1, None, {"c": "\0"}]})
    assert queries.get_job(uow.session, job_id).payload == {"a\ufffd": ["b\ufffd", 1, None, {"c": "\ufffd"}]}


def test_a_claim_is_given_once(uow: UnitOfWork) -> None:
    job_id = make_job(uow.session).id
    job = service.claim(uow, job_id, "me")
    assert job is not None
    assert (job.state, job.claimed_by, job.attempts) == (JobState.RUNNING, "me", 1)
    assert job.started_at is not None
    assert service.claim(uow, job_id, "other") is None
    assert service.claim(uow, job_id, "me") is None


def test_claiming_touches_no_other_job(uow: UnitOfWork) -> None:
    job_id = make_job(uow.session).id
    before = everything(uow.session)
    service.claim(uow, job_id, "me")
    assert everything(uow.session) == before | {job_id: JobState.RUNNING}


def test_a_claim_that_went_silent_is_given_to_another(uow: UnitOfWork) -> None:
    job = service.claim(uow, stale(uow.session, progress=40).id, "new")
    assert job is not None
    assert (job.claimed_by, job.attempts, job.progress) == ("new", 2, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": JobState.DONE},
        {"state": JobState.FAILED},
        {"state": JobState.EXPIRED},
        {"state": JobState.CANCELLED},
        {"expires_at": from_now(-1)},
        {**RUNNING, "claim_expires_at": from_now(86_400)},
        {**RUNNING, "claim_expires_at": from_now(-1), "attempts": MAX_ATTEMPTS},
    ],
)
def test_what_ended_expired_or_is_held_cannot_be_claimed(uow: UnitOfWork, changes: dict[str, Any]) -> None:
    job = make_job(uow.session, **changes, target="fleet:here")
    assert service.claim(uow, job.id, "me") is None


def test_claiming_nothing_is_no_error(uow: UnitOfWork) -> None:
    assert service.claim(uow, NOBODY, "me") is None


def test_two_claimants_in_two_processes_get_one_claim(unit: Callable[[], UnitOfWork]) -> None:
    with unit() as asker:
        job_id = make_job(asker.session).id
        asker.commit()
    with unit() as one:
        assert service.claim(one, job_id, "one")
        one.commit()
    with unit() as two:
        assert service.claim(two, job_id, "two") is None


def test_progress_is_told_and_renews_the_claim(uow: UnitOfWork, published: Published) -> None:
    job = running(uow.session, claim_expires_at=from_now(30))
    assert service.report_progress(uow, job.id, "old", 30, claim_seconds=100)
    uow.session.refresh(job)
    assert job.progress == 30
    assert job.claim_expires_at is not None
    assert job.claim_expires_at > from_now(50)
    uow.commit()
    assert published.events == [JobProgressed(job.id)]


@pytest.mark.parametrize(("percent", "kept"), [(-5, 0), (150, 100)])
def test_progress_stays_between_nothing_and_all(uow: UnitOfWork, percent: int, kept: int) -> None:
    job_id = running(uow.session).id
    service.report_progress(uow, job_id, "old", percent)
    assert queries.get_job(uow.session, job_id).progress == kept


def test_an_answer_is_kept(uow: UnitOfWork, published: Published) -> None:
    job_id = running(uow.session).id
    assert service.finish(uow, job_id, "old", {"answer": "42\0"})
    job = queries.get_job(uow.session, job_id)
    assert (job.state, job.result, job.progress) == (JobState.DONE, {"answer": "42\ufffd"}, 100)
    assert job.finished_at is not None
    uow.commit()
    assert published.events == [JobEnded(job_id)]


def test_a_failure_is_kept_with_its_sentence(uow: UnitOfWork, published: Published) -> None:
    job_id = running(uow.session).id
    assert service.fail(uow, job_id, "old", "No bot\0.")
    job = queries.get_job(uow.session, job_id)
    assert (job.state, job.problem, job.result) == (JobState.FAILED, "No bot\ufffd.", None)
    uow.commit()
    assert published.events == [JobEnded(job_id)]


def test_a_former_claimant_is_ignored(uow: UnitOfWork, published: Published) -> None:
    job_id = stale(uow.session).id
    service.claim(uow, job_id, "new")
    assert not service.finish(uow, job_id, "old", {"answer": 1})
    assert not service.fail(uow, job_id, "old", "Late.")
    assert not service.report_progress(uow, job_id, "old", 99)
    job = queries.get_job(uow.session, job_id)
    assert (job.state, job.claimed_by, job.progress, job.result) == (JobState.RUNNING, "new", 0, None)
    uow.commit()
    assert published.events == [JobProgressed(job_id)]


def test_an_answer_is_given_once(uow: UnitOfWork) -> None:
    job_id = running(uow.session).id
    assert service.finish(uow, job_id, "old", {"answer": 1})
    assert not service.finish(uow, job_id, "old", {"answer": 2})
    assert queries.get_job(uow.session, job_id).result == {"answer": 1}


def test_a_question_can_be_withdrawn(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    job_id = running(uow.session).id
    assert service.cancel(uow, owner, job_id)
    assert not service.cancel(uow, owner, job_id)
    assert not service.finish(uow, job_id, "old", {"answer": 1})
    assert queries.get_job(uow.session, job_id).state is JobState.CANCELLED
    assert not service.cancel(uow, owner, NOBODY)
    uow.commit()
    assert published.events == [JobEnded(job_id)]


def test_withdrawing_needs_the_permission_of_asking(uow: UnitOfWork) -> None:
    job_id = make_job(uow.session).id
    with pytest.raises(ForbiddenError):
        service.cancel(uow, make_actor(), job_id)


def test_what_nobody_answered_in_time_expires(uow: UnitOfWork, published: Published) -> None:
    waiting = make_job(uow.session, expires_at=from_now(-1)).id
    worked_on = running(uow.session, expires_at=from_now(-1)).id
    done = make_job(uow.session, expires_at=from_now(-1), state=JobState.DONE).id
    before = everything(uow.session)
    assert service.expire_overdue(uow) == 2
    expired = dict.fromkeys((waiting, worked_on), JobState.EXPIRED)
    assert everything(uow.session) == before | expired | {done: JobState.DONE}
    assert queries.get_job(uow.session, waiting).problem
    uow.commit()
    assert set(published.events) == {JobEnded(waiting), JobEnded(worked_on)}
    assert service.expire_overdue(uow) == 0


def test_what_ended_every_claimant_fails(uow: UnitOfWork) -> None:
    poison = stale(uow.session, attempts=MAX_ATTEMPTS).id
    last_try = running(uow.session, attempts=MAX_ATTEMPTS).id
    once_more = stale(uow.session, attempts=MAX_ATTEMPTS - 1).id
    assert service.expire_overdue(uow) == 1
    assert queries.get_job(uow.session, poison).state is JobState.FAILED
    assert str(MAX_ATTEMPTS) in queries.get_job(uow.session, poison).problem
    assert queries.get_job(uow.session, last_try).state is JobState.RUNNING
    assert queries.get_job(uow.session, once_more).state is JobState.RUNNING


def test_what_was_never_sent_or_long_ago_is_sent_again(uow: UnitOfWork) -> None:
    old = from_now(-60)
    noise = set(everything(uow.session))
    never = make_job(uow.session, created_at=old, target="fleet:x").id
    long_ago = make_job(uow.session, created_at=old, sent_at=old).id
    silent = stale(uow.session, created_at=old, sent_at=old).id
    silent_unsent = stale(uow.session, created_at=old).id
    make_job(uow.session)
    make_job(uow.session, created_at=old, sent_at=from_now(-1))
    make_job(uow.session, created_at=old, expires_at=from_now(-1))
    make_job(uow.session, created_at=old, state=JobState.DONE)
    running(uow.session, created_at=old, sent_at=old)
    stale(uow.session, created_at=old, sent_at=from_now(-1))
    stale(uow.session, created_at=old, attempts=MAX_ATTEMPTS)
    unsent = [job for job in queries.list_unsent(uow.session, 30) if job.id not in noise]
    assert [job.id for job in unsent] == [never, long_ago, silent, silent_unsent]
    assert (unsent[0].kind, unsent[0].target) == (JobKind.DRY_RUN, "fleet:x")
    service.mark_sent(uow, [job.id for job in unsent])
    assert [job for job in queries.list_unsent(uow.session, 30) if job.id not in noise] == []


def test_marking_nothing_marks_nothing(uow: UnitOfWork) -> None:
    job = make_job(uow.session)
    service.mark_sent(uow, [])
    uow.session.refresh(job)
    assert job.sent_at is None


def test_the_list_of_unsent_is_bounded(uow: UnitOfWork) -> None:
    for _ in range(3):
        make_job(uow.session, created_at=from_now(-60))
    assert len(queries.list_unsent(uow.session, 30, limit=2)) == 2


def test_jobs_of_the_targets_asked_for_do_not_wait_behind_those_of_others(uow: UnitOfWork) -> None:
    for _ in range(3):
        make_job(uow.session, created_at=from_now(-60), target="fleet:x")
    ours = make_job(uow.session, created_at=from_now(-60), target="fleet:y").id
    found = queries.list_unsent(uow.session, 30, targets=["fleet:y", "fleet:z"], limit=2)
    assert [job.id for job in found] == [ours]
    assert queries.list_unsent(uow.session, 30, targets=[]) == []


@pytest.mark.parametrize("state", [state for state in JobState if state.is_end])
def test_what_ended_long_ago_is_deleted(uow: UnitOfWork, state: JobState) -> None:
    kept = set(everything(uow.session))
    day = 86_400
    make_job(uow.session, state=state, finished_at=from_now(-31 * day))
    kept.add(make_job(uow.session, state=state, finished_at=from_now(-29 * day)).id)
    kept.add(running(uow.session, created_at=from_now(-40 * day)).id)
    kept.add(make_job(uow.session, created_at=from_now(-40 * day)).id)
    assert service.delete_ended(uow) == 1
    assert set(everything(uow.session)) == kept


def test_a_job_that_is_not_there_is_said_so(session: Session) -> None:
    assert queries.find_job(session, NOBODY) is None
    with pytest.raises(JobNotFoundError):
        queries.get_job(session, NOBODY)


def test_the_latest_jobs_come_first(session: Session) -> None:
    first, second = (make_job(session, kind=JobKind.RETENTION).id for _ in range(2))
    assert [job.id for job in queries.list_recent(session, limit=2)] == [second, first]
    latest = queries.find_latest(session, JobKind.RETENTION)
    assert latest is not None
    assert latest.id == second
    assert queries.find_latest(session, JobKind.COMMAND_PLAN) is None


@pytest.mark.parametrize("state", list(JobState))
def test_a_state_knows_whether_it_is_an_end(state: JobState) -> None:
    assert state.is_end == (state not in {JobState.QUEUED, JobState.RUNNING})


def test_a_job_that_was_put_back_is_gone_on_with_by_whoever_is_free(
    uow: UnitOfWork, owner: Actor, published: Published
) -> None:
    job_id = service.ask(uow, owner, JobKind.CHANGE_BOTS, {})
    first = service.claim(uow, job_id, "one")
    assert first is not None
    service.report_progress(uow, job_id, "one", 40, so_far={"done": [1]})
    uow.commit()
    published.events.clear()

    assert service.put_back(uow, first)
    uow.commit()
    assert published.events == [JobAsked(job_id, first.target, first.kind)]
    assert not service.report_progress(uow, job_id, "one", 50)
    assert not service.put_back(uow, first)
    again = service.claim(uow, job_id, "two")
    assert again is not None
    assert (again.attempts, again.progress, again.result) == (1, 40, {"done": [1]})

from dataclasses import replace

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.ids import new_id

ANN = Actor("user", "ann", frozenset(), {new_id(): frozenset({Permission.BOT_VIEW})})
BEN = Actor("user", "ben", frozenset({Permission.BOT_VIEW}))
ADMIN = Actor("user", "ada", frozenset({Permission.SITE_ADMIN}))
NOBODY = Actor("user", "eve")


def test_an_export_is_asked_for_by_whoever_sees_a_bot(uow: UnitOfWork) -> None:
    job_id = service.ask(uow, ANN, JobKind.EXPORT, {})
    assert queries.get_job(uow.session, job_id).state is JobState.QUEUED
    with pytest.raises(ForbiddenError):
        service.ask(uow, NOBODY, JobKind.EXPORT, {})


def test_an_export_is_withdrawn_by_its_asker_and_by_no_colleague(uow: UnitOfWork) -> None:
    job_id = service.ask(uow, ANN, JobKind.EXPORT, {})
    with pytest.raises(ForbiddenError):
        service.cancel(uow, BEN, job_id)
    assert service.cancel(uow, ANN, job_id)
    assert queries.get_job(uow.session, job_id).state is JobState.CANCELLED
    assert service.cancel(uow, ADMIN, service.ask(uow, ANN, JobKind.EXPORT, {}))


def test_a_person_without_any_right_may_ask_whether_they_manage_a_server(uow: UnitOfWork) -> None:
    job_id = service.ask(uow, NOBODY, JobKind.CHECK_MANAGER, {})
    with pytest.raises(ForbiddenError):
        service.cancel(uow, replace(NOBODY, id="somebody else"), job_id)
    assert service.cancel(uow, NOBODY, job_id)


def test_nothing_but_a_person_asks_about_a_manager(uow: UnitOfWork) -> None:
    with pytest.raises(ForbiddenError):
        service.ask(uow, replace(NOBODY, kind="key"), JobKind.CHECK_MANAGER, {})

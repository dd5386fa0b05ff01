import pytest
from sqlalchemy import text

from socialcube.domain.jobs import queries
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.domain.logs import service
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.worker.tasks import logs
from tests.factories.logs import make_command_log, make_error_log
from tests.support.failures import failure_of
from tests.unit.worker.conftest import Worker


def asked(worker: Worker) -> list[JobView]:
    with worker.unit() as uow:
        return queries.list_recent(uow.session)


def test_retention_is_asked_for_as_a_job_that_people_see(worker: Worker) -> None:
    assert logs.ask_retention(worker.runtime)
    (job,) = asked(worker)
    assert (job.kind, job.asked_by) == (JobKind.RETENTION, "system:beat")


def test_retention_is_asked_for_once_a_day_by_however_many_beats(worker: Worker) -> None:
    logs.ask_retention(worker.runtime)
    assert not logs.ask_retention(worker.runtime)
    assert len(asked(worker)) == 1


def test_retention_is_asked_for_again_the_next_day(worker: Worker) -> None:
    logs.ask_retention(worker.runtime)
    with worker.unit() as uow:
        uow.session.execute(text("UPDATE jobs SET created_at = datetime('now', '-21 hours') || '.000000'"))
        uow.commit()
    assert logs.ask_retention(worker.runtime)


def test_partitions_need_nothing_on_sqlite(worker: Worker) -> None:
    assert failure_of(logs.ensure_partitions, worker.runtime) is None


def test_new_rows_are_counted_once_however_often_the_clock_asks(worker: Worker) -> None:
    entries = [make_entry(make_command_log()), make_entry(make_command_log()), make_entry(make_error_log())]
    RowStore(worker.runtime.services.shared.writes).write(entries)
    assert logs.fold_figures(worker.runtime) == 3
    assert logs.fold_figures(worker.runtime) == 0


def test_a_long_history_is_taken_in_over_several_turns(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FOLD_SECONDS", 0)
    monkeypatch.setattr(service.fold_figures, "__defaults__", (1,))
    rows = [make_command_log(), make_command_log()]
    RowStore(worker.runtime.services.shared.writes).write([make_entry(row) for row in rows])
    assert [logs.fold_figures(worker.runtime) for _ in range(3)] == [1, 1, 0]


def test_counting_rows_looks_which_bots_are_online_too(worker: Worker) -> None:
    logs.fold_figures(worker.runtime)
    with worker.unit() as uow:
        (looks,) = uow.session.execute(text("SELECT count FROM online_hours")).scalars()
    assert looks == 1

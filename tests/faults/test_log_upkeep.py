"""The figures and a file are right although whoever makes them is killed in the middle, and again."""

import csv
import io
import itertools
import os
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Actor, Scope
from socialcube.domain.exports import service as exports
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobState
from socialcube.domain.logs import queries
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import Grain
from tests.factories.logs import make_command_log
from tests.fakes.clock import START
from tests.support.databases import Database, database, database_kind, postgres, sqlite_template
from tests.support.processes import RunningProcess

__all__ = ["database", "database_kind", "postgres", "sqlite_template"]

ROWS = 500
_PATIENCE_SECONDS = 60.0
_STEPS = re.compile(r"^\.+", re.MULTILINE)


class Upkeep(RunningProcess):
    """A process of tests/support/log_upkeep.py, which says a dot after each step."""

    def wait_for_steps(self, count: int) -> None:
        """Wait until it has done so many steps."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        # Whoever looks seldom sees the end instead of the middle.
        while len("".join(_STEPS.findall(self.printed()))) < count:
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.002)

    def finish(self) -> None:
        """Wait until it has done everything."""
        assert self.wait(_PATIENCE_SECONDS) == 0, self.printed()


Start = Callable[..., Upkeep]


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Start:
    """Start a process that ends behind `with`, as `kill -9` ends it."""
    numbers = itertools.count()

    def start(*words: str) -> Upkeep:
        command = ["-m", "tests.support.log_upkeep", database.url.reveal(), *words]
        return Upkeep(command, os.environ, tmp_path / f"upkeep{next(numbers)}.log")

    return start


def store(database: Database) -> None:
    records = [
        make_command_log(occurred_at=START + timedelta(seconds=number), user_name=f"u{number}")
        for number in range(ROWS)
    ]
    RowStore(database.writes).write([make_entry(record) for record in records])


def total(database: Database, grain: Grain) -> int:
    with database.reads() as session:
        day = timedelta(days=1)
        return queries.sum_figures(session, Scope(is_all=True), grain, START - day, START + day).runs


def test_figures_count_every_row_once_although_folders_are_killed(database: Database, start: Start) -> None:
    store(database)
    for steps in (1, 4):
        # Two at once, as with two beats; both die somewhere between counting and committing.
        with start("fold") as first, start("fold") as second:
            first.wait_for_steps(steps)
            second.wait_for_steps(1)
    assert 0 < total(database, Grain.MINUTE) < ROWS
    with start("fold") as last:
        last.finish()
    assert total(database, Grain.MINUTE) == total(database, Grain.HOUR) == ROWS


def test_a_file_holds_every_row_once_although_its_writer_was_killed(database: Database, start: Start) -> None:
    store(database)
    with database.unit() as uow:
        job_id = exports.ask_export(uow, Actor.cli("tests"), "logs.commands", columns=["user_name"])
        uow.commit()
    with start("export", "--job", str(job_id)) as victim:
        victim.wait_for_steps(12)
    assert state(database, job_id) is JobState.RUNNING
    with database.unit() as uow:
        assert (uow.session.scalar(text("SELECT count(*) FROM job_files")) or 0) > 5
        uow.session.execute(text("UPDATE jobs SET claim_expires_at = started_at"))
        uow.commit()
    with start("export", "--job", str(job_id)) as heir:
        heir.finish()
    with database.reads() as session:
        data = b"".join(jobs.open_file(session, job_id)).decode("utf-8-sig")
    (_, *rows) = csv.reader(io.StringIO(data, newline=""))
    assert [row[0] for row in rows] == [f"u{number}" for number in reversed(range(ROWS))]
    assert state(database, job_id) is JobState.DONE


def state(database: Database, job_id: UUID) -> JobState:
    with database.reads() as session:
        return jobs.get_job(session, job_id).state

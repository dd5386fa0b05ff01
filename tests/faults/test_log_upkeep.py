"""The figures and a file are right although whoever makes them is killed in the middle, and again."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

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

__all__ = ["database", "database_kind", "postgres", "sqlite_template"]

PROJECT = Path(__file__).resolve().parents[2]
ROWS = 500


@contextmanager
def upkeep(database: Database, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a process of tests/support/log_upkeep.py, and end it as `kill -9` does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.log_upkeep", database.url.reveal(), *words],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_steps(process: "subprocess.Popen[bytes]", count: int) -> None:
    assert process.stdout is not None
    said = process.stdout.read(count)
    assert len(said) == count, process.stderr.read() if process.stderr else ""


def finish(process: "subprocess.Popen[bytes]") -> None:
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said


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


def test_figures_count_every_row_once_although_folders_are_killed(database: Database) -> None:
    store(database)
    for steps in (1, 4):
        # Two at once, as with two beats; both die somewhere between counting and committing.
        with upkeep(database, "fold") as first, upkeep(database, "fold") as second:
            wait_for_steps(first, steps)
            wait_for_steps(second, 1)
    assert 0 < total(database, Grain.MINUTE) < ROWS
    with upkeep(database, "fold") as last:
        finish(last)
    assert total(database, Grain.MINUTE) == total(database, Grain.HOUR) == ROWS


def test_a_file_holds_every_row_once_although_its_writer_was_killed(database: Database) -> None:
    store(database)
    with database.unit() as uow:
        job_id = exports.ask_export(uow, Actor.cli("tests"), "logs.commands", columns=["user_name"])
        uow.commit()
    with upkeep(database, "export", "--job", str(job_id)) as victim:
        wait_for_steps(victim, 12)
    assert state(database, job_id) is JobState.RUNNING
    with database.unit() as uow:
        assert (uow.session.scalar(text("SELECT count(*) FROM job_files")) or 0) > 5
        uow.session.execute(text("UPDATE jobs SET claim_expires_at = started_at"))
        uow.commit()
    with upkeep(database, "export", "--job", str(job_id)) as heir:
        finish(heir)
    with database.reads() as session:
        data = b"".join(jobs.open_file(session, job_id)).decode("utf-8-sig")
    (_, *rows) = csv.reader(io.StringIO(data, newline=""))
    assert [row[0] for row in rows] == [f"u{number}" for number in reversed(range(ROWS))]
    assert state(database, job_id) is JobState.DONE


def state(database: Database, job_id: UUID) -> JobState:
    with database.reads() as session:
        return jobs.get_job(session, job_id).state

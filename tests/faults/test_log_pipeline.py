"""Log rows while processes die, the database goes away, and the disk is full."""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import text

from socialcube.domain.logs import queries
from socialcube.domain.logs.types import BotLogRecord, LogRow, Stream
from tests.support import warm
from tests.support.databases import Database, database, database_kind, opened, postgres, sqlite_template
from tests.support.postgres import Cluster, run_name

__all__ = ["database", "database_kind", "postgres", "sqlite_template"]

PROJECT = Path(__file__).resolve().parents[2]
WRITERS = 4
DEADLINE = 60


class Maker:
    """A process of tests/support/log_maker.py."""

    def __init__(self, database: Database, folder: Path, name: str, *options: str) -> None:
        self.name = name
        self._progress = folder / f"{name}.progress"
        self._log = folder / f"{name}.log"
        words = [
            *("-m", "tests.support.log_maker"),
            *(database.url.reveal(), str(folder / "journal"), name, "--progress", str(self._progress)),
            *options,
        ]
        if "--green" in options:
            # It patches the standard library before it imports anything.
            with self._log.open("ab") as log:
                self.process: warm.Started = subprocess.Popen(
                    [sys.executable, *words], cwd=PROJECT, stdout=log, stderr=log
                )
        else:
            self.process = warm.start(words, os.environ, self._log)

    def progress(self) -> int:
        """Give how many rows it has put."""
        return int(self._progress.read_text() or 0) if self._progress.exists() else 0

    def wait_for(self, count: int) -> None:
        """Wait until it has put so many rows."""
        wait(lambda: self.progress() >= count or self.process.poll() is not None, f"{self.name} puts {count}")

    def end(self) -> str:
        """Wait until all its rows are committed. Gives what it printed, which ends with its slowest put."""
        try:
            code = self.process.wait(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        said = self._log.read_text()
        assert code == 0, said
        return said

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.wait()


class Follower:
    """Reads "since id N" all the time, as a live view does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self.seen: list[LogRow] = []

    def _follow(self) -> None:
        while not self._done.is_set():
            self.read_on()

    def read_on(self) -> None:
        """Take what is new."""
        since = self.seen[-1].id if self.seen else 0
        with self._database.reads() as session:
            self.seen += queries.list_since(session, Stream.BOTS, since, 500)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()
        self.read_on()


def wait(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def stored(database: Database) -> list[LogRow]:
    with database.reads() as session:
        return queries.list_since(session, Stream.BOTS, 0, 1_000_000)


def numbers(rows: list[LogRow]) -> dict[str, list[int]]:
    """Give the numbers that each maker's rows carry, in commit order."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        assert isinstance(row.record, BotLogRecord)
        name, _, number = row.record.message.partition(":")
        found[name].append(int(number))
    return found


def journals(folder: Path) -> list[Path]:
    return list((folder / "journal").glob("*.journal"))


def test_four_writers_one_of_them_killed_lose_and_double_nothing(database: Database, tmp_path: Path) -> None:
    with Follower(database) as follower:
        victim = Maker(database, tmp_path, "victim", "--count", "100000", "--pause", "0.005")
        survivors = [
            Maker(database, tmp_path, f"writer{number}", "--count", "1500") for number in range(1, WRITERS)
        ]
        victim.wait_for(400)
        put_before_the_end = victim.progress()
        # The promise covers what was put more than a moment ago, even on a machine this busy.
        time.sleep(0.5)
        victim.kill()
        for maker in survivors:
            maker.end()
        # Whoever comes last brings in what is left.
        Maker(database, tmp_path, "late", "--count", "1", "--pause", "1").end()
        wait(lambda: not journals(tmp_path), "no journal is left")
    found = numbers(stored(database))
    for maker in survivors:
        assert found[maker.name] == list(range(1500))
    assert found[victim.name] == list(range(len(found[victim.name])))
    assert len(found[victim.name]) >= put_before_the_end
    assert follower.seen == stored(database)


def test_a_killed_writer_with_rows_in_its_journal_loses_none(database: Database, tmp_path: Path) -> None:
    with table_locked(database):
        victim = Maker(database, tmp_path, "victim", "--count", "300", "--pause", "0.01")
        victim.wait_for(300)
        time.sleep(0.5)
        victim.kill()
        assert journals(tmp_path)
    Maker(database, tmp_path, "heir", "--count", "1", "--pause", "1").end()
    wait(lambda: not journals(tmp_path), "no journal is left")
    assert sorted(numbers(stored(database))["victim"]) == list(range(300))


def test_makers_do_not_wait_while_the_table_is_locked(database: Database, tmp_path: Path) -> None:
    with table_locked(database):
        maker = Maker(database, tmp_path, "maker", "--count", "500")
        maker.wait_for(500)
        assert stored_while_locked(database) == 0
    slowest = maker.end().split()[-1]
    assert float(slowest) < 1.0
    assert numbers(stored(database))["maker"] == list(range(500))


def test_a_full_disk_is_said_once_and_stops_no_row(database: Database, tmp_path: Path) -> None:
    if database.kind == "sqlite":
        pytest.skip("the limit would stop the database's file too")
    with table_locked(database):
        maker = Maker(database, tmp_path, "maker", "--count", "500", "--file-limit", "8192")
        maker.wait_for(500)
    assert maker.end().count("cannot be written") == 1
    assert numbers(stored(database))["maker"] == list(range(500))
    assert journals(tmp_path) == []


def test_a_forked_child_writes_its_own_rows_only(database: Database, tmp_path: Path) -> None:
    Maker(database, tmp_path, "fork", "--count", "100", "--fork").end()
    assert numbers(stored(database)) == {
        "fork-parent": list(range(20)),
        "fork-again": list(range(100)),
        "fork-child": list(range(100)),
    }


def test_a_process_with_green_threads_writes_the_same(database: Database, tmp_path: Path) -> None:
    Maker(database, tmp_path, "green", "--count", "1000", "--green").end()
    assert numbers(stored(database)) == {"green": list(range(1000))}


@pytest.mark.postgres
def test_a_database_that_crashes_three_times_gets_every_row_once(tmp_path: Path) -> None:
    cluster = Cluster(f"{run_name()}-crash")
    with cluster.migrated_database() as url, opened(url) as database:
        maker = Maker(database, tmp_path, "maker", "--count", "20000", "--burst", "20", "--pause", "0.002")
        for count in (3000, 8000, 13000):
            maker.wait_for(count)
            cluster.crash()
            cluster.start()
        maker.end()
        # The connections of this process broke too.
        database.engine.dispose()
        assert numbers(stored(database))["maker"] == list(range(20000))


@contextmanager
def table_locked(database: Database) -> Iterator[None]:
    """Keep every writer of the table waiting."""
    with database.writes() as session:
        if database.kind == "postgresql":
            session.execute(text("LOCK TABLE bot_logs IN EXCLUSIVE MODE"))
        else:
            session.connection()
        yield
        session.rollback()


def stored_while_locked(database: Database) -> int:
    with database.reads() as session:
        return queries.latest_id(session, Stream.BOTS)

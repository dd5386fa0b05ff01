"""Several processes on one SQLite file, as `make run` starts them."""

import multiprocessing
from pathlib import Path

from sqlalchemy import select, text

from socialcube.db.session import create_engine, read_sessions, write_sessions
from socialcube.domain.site.models import Setting
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.secrets import Secret
from tests.support.databases import opened

PROCESSES = 4
CHANGES = 25


def count_up(url: str) -> None:
    """Read, then write: the order that makes a deferred transaction fail "locked"."""
    engine = create_engine(Secret(url), busy_timeout_ms=20)
    for _ in range(CHANGES):
        with write_sessions(engine)() as session:
            row = session.get_one(Setting, "count")
            row.value = row.value + 1
            session.commit()


def test_no_writer_fails_and_no_change_is_lost(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "socialcube.db"
    path.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{path}"
    with opened(Secret(url)) as database:
        now = SystemClock().now()
        with database.unit() as uow:
            uow.session.add(Setting(key="count", value=0, created_at=now, updated_at=now))
            uow.commit()
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=count_up, args=[url]) for _ in range(PROCESSES)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)
        with read_sessions(database.engine)() as session:
            assert session.scalar(select(Setting.value)) == PROCESSES * CHANGES
    assert [writer.exitcode for writer in writers] == [0] * PROCESSES


def test_a_reader_does_not_wait_for_a_writer(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "socialcube.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(Secret(f"sqlite:///{path}")) as database, database.writes() as writer:
        writer.execute(text("INSERT INTO stream_counters VALUES ('held', 1)"))
        with database.reads() as reader:
            assert reader.execute(text("SELECT count(*) FROM stream_counters")).scalar() == 0

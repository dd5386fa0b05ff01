import json
import logging
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from socialcube.db.session import read_sessions, write_sessions
from socialcube.domain.logs import queries
from socialcube.domain.logs.sink.announcer import Announcer
from socialcube.domain.logs.sink.journal import SUFFIX, Journal
from socialcube.domain.logs.sink.replay import Replayer
from socialcube.domain.logs.sink.rows import Entry, make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import BotLogRecord, LogRecord, Stream
from tests.factories.logs import make_bot_log


def leave_behind(folder: Path, lines: Iterable[bytes]) -> None:
    """Leave a journal as a killed process does."""
    journal = Journal(folder)
    journal.append(lines)
    journal.abandon()


def make_entries(count: int) -> list[Entry]:
    return [make_entry(make_bot_log(message=str(number))) for number in range(count)]


def stored(engine: Engine) -> list[LogRecord]:
    with read_sessions(engine)() as session:
        return [row.record for row in queries.list_since(session, Stream.BOTS, 0, 10_000)]


def bring_in(engine: Engine, folder: Path, hints: list[int] | None = None) -> None:
    heard = [] if hints is None else hints
    announcer = Announcer(lambda _stream, highest: heard.append(highest))
    Replayer(RowStore(write_sessions(engine)), announcer, folder).bring_in_orphans()


def test_rows_of_a_dead_process_are_committed_once_and_hinted_at(engine: Engine, tmp_path: Path) -> None:
    folder, hints = tmp_path / "journal", []  # type: tuple[Path, list[int]]
    leave_behind(folder, [entry.line for entry in make_entries(1100)])
    bring_in(engine, folder, hints)
    bring_in(engine, folder, hints)
    assert len(stored(engine)) == 1100
    assert hints == [500, 1000, 1100]
    assert list(folder.glob(f"*{SUFFIX}")) == []


def test_rows_that_were_committed_before_the_death_are_not_doubled(engine: Engine, tmp_path: Path) -> None:
    entries = make_entries(6)
    RowStore(write_sessions(engine)).write(entries[:4])
    leave_behind(tmp_path / "journal", [entry.line for entry in entries])
    bring_in(engine, tmp_path / "journal")
    assert len(stored(engine)) == 6


@pytest.mark.parametrize("tail", [b'["bots",{"event_id":"019', b"\xff\xfe\n", b"\x00" * 4096, b"\n\n"])
def test_a_damaged_tail_loses_nothing_else(
    engine: Engine, tmp_path: Path, tail: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    leave_behind(tmp_path / "journal", [*(entry.line for entry in make_entries(3)), tail])
    with caplog.at_level(logging.INFO):
        bring_in(engine, tmp_path / "journal")
    assert len(stored(engine)) == 3
    assert "damaged" in caplog.text
    assert list((tmp_path / "journal").glob(f"*{SUFFIX}")) == []
    [kept] = (tmp_path / "journal").glob("*.damaged")
    assert kept.read_bytes() == tail
    assert str(kept) in caplog.text
    assert kept.stat().st_mode & 0o777 == 0o600


def test_damaged_lines_are_kept_for_people_and_not_for_ever(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "journal"
    leave_behind(folder, [b"nonsense\n"])
    bring_in(engine, folder)
    [kept] = folder.iterdir()
    set_aside = kept.stat().st_mtime
    replayer = Replayer(RowStore(write_sessions(engine)), Announcer(None), folder)
    replayer.forget_damaged(set_aside)
    assert kept.exists()
    with caplog.at_level(logging.INFO):
        replayer.forget_damaged(set_aside + 1)
    assert not kept.exists()
    assert "Deleted 1 files" in caplog.text


def test_rows_of_another_version_are_committed_too(engine: Engine, tmp_path: Path) -> None:
    stream, values = json.loads(make_entries(1)[0].line)
    del values["data"]
    leave_behind(tmp_path / "journal", [json.dumps([stream, values | {"gone": 1}]).encode() + b"\n"])
    bring_in(engine, tmp_path / "journal")
    [record] = stored(engine)
    assert isinstance(record, BotLogRecord)
    assert record.data == {}
    assert list((tmp_path / "journal").iterdir()) == []


def test_files_wait_while_the_database_is_away(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> Session:
        raise ConnectionError

    leave_behind(tmp_path / "journal", [entry.line for entry in make_entries(3)])
    Replayer(RowStore(away), Announcer(None), tmp_path / "journal").bring_in_orphans()
    assert "could not be brought in yet" in caplog.text
    bring_in(engine, tmp_path / "journal")
    assert len(stored(engine)) == 3


def test_without_a_folder_there_is_nothing_to_do(engine: Engine, tmp_path: Path) -> None:
    bring_in(engine, tmp_path / "never made")
    assert stored(engine) == []

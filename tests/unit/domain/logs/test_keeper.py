import errno
from pathlib import Path

import pytest

from socialcube.domain.logs.sink import keeper as keeper_module
from socialcube.domain.logs.sink.backlog import Backlog
from socialcube.domain.logs.sink.journal import Journal, find_orphans
from socialcube.domain.logs.sink.keeper import Keeper
from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.rows import Entry, make_entry
from tests.factories.logs import make_bot_log


@pytest.fixture
def backlog() -> Backlog:
    return Backlog(Limits())


def keep(keeper: Keeper, backlog: Backlog, count: int = 1, now: float = 0.0) -> list[Entry]:
    entries = [make_entry(make_bot_log(message=str(number))) for number in range(count)]
    keeper.keep([entry.line for entry in entries], now)
    backlog.add(entries)
    return entries


def left_after(keeper: Keeper, folder: Path) -> list[bytes]:
    """Give what would be found after `kill -9` now."""
    keeper.abandon()
    return [line for orphan in find_orphans(folder) for line in orphan.lines()]


def commit_all(backlog: Backlog) -> None:
    backlog.take(1000, patience=0, window=0)
    backlog.finish()


def fail_to_append(monkeypatch: pytest.MonkeyPatch) -> None:
    def append(_self: Journal, _lines: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Journal, "append", append)
    monkeypatch.setattr(Journal, "replace", append)


def test_rows_are_on_disk_before_they_are_committed(tmp_path: Path, backlog: Backlog) -> None:
    keeper = Keeper(tmp_path)
    entries = keep(keeper, backlog, 3)
    assert left_after(keeper, tmp_path) == [entry.line for entry in entries]


def test_committed_rows_leave_the_disk_when_nothing_waits(tmp_path: Path, backlog: Backlog) -> None:
    keeper = Keeper(tmp_path)
    keep(keeper, backlog, 3)
    commit_all(backlog)
    keeper.tidy(backlog, 0)
    assert left_after(keeper, tmp_path) == []


def test_a_grown_file_is_written_anew_with_what_waits(
    tmp_path: Path, backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "_LARGE", 100)
    keeper = Keeper(tmp_path)
    keep(keeper, backlog, 5)
    commit_all(backlog)
    waiting = keep(keeper, backlog, 1)
    keeper.tidy(backlog, 0)
    assert left_after(keeper, tmp_path) == [entry.line for entry in waiting]


def test_closing_leaves_what_waits_to_others_and_nothing_else(tmp_path: Path, backlog: Backlog) -> None:
    keeper = Keeper(tmp_path)
    entries = keep(keeper, backlog, 2)
    keeper.close(backlog)
    assert left_after(keeper, tmp_path) == [entry.line for entry in entries]
    Keeper(tmp_path / "unused").close(backlog)
    assert not (tmp_path / "unused").exists()


def test_a_full_disk_is_said_once_and_logs_go_on(
    tmp_path: Path, backlog: Backlog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper = Keeper(tmp_path)
    before = keep(keeper, backlog)
    with monkeypatch.context() as patch:
        fail_to_append(patch)
        for _ in range(5):
            keep(keeper, backlog)
        keeper.tidy(backlog, 5.0)
    said = capsys.readouterr().err
    assert said.count("cannot be written (No space left on device)") == 1
    assert str(tmp_path) in said
    assert backlog.lines()[0] == before[0].line
    assert len(backlog.lines()) == 6


def test_the_journal_is_complete_again_once_the_disk_has_room(
    tmp_path: Path, backlog: Backlog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper = Keeper(tmp_path)
    with monkeypatch.context() as patch:
        fail_to_append(patch)
        keep(keeper, backlog, 2, now=0.0)
    keeper.tidy(backlog, 4.9)
    assert "again" not in capsys.readouterr().err
    keeper.tidy(backlog, 5.0)
    assert "can be written again" in capsys.readouterr().err
    keep(keeper, backlog, now=6.0)
    assert left_after(keeper, tmp_path) == backlog.lines()


def test_a_folder_that_cannot_be_made_stops_nothing(
    tmp_path: Path, backlog: Backlog, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    keeper = Keeper(tmp_path / "file" / "journal")
    keep(keeper, backlog, 3)
    assert "cannot be written (Not a directory)" in capsys.readouterr().err
    assert len(backlog.lines()) == 3
    keeper.close(backlog)

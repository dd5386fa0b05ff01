import errno
import os
from pathlib import Path

import pytest

from socialcube.domain.logs.sink import journal as journal_module
from socialcube.domain.logs.sink.journal import SUFFIX, Journal, find_orphans


def orphaned_lines(folder: Path) -> list[list[bytes]]:
    return [list(orphan.lines()) for orphan in find_orphans(folder)]


def files(folder: Path) -> list[Path]:
    return list(folder.glob(f"*{SUFFIX}"))


def abandon_as_killed(journal: Journal) -> None:
    """Do what the kernel does at `kill -9`: close the descriptor, which frees the lock."""
    journal.abandon()


def test_lines_of_a_dead_process_are_found_in_order(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    first.append([b"a\n", b"b\n"])
    first.append([b"c\n"])
    abandon_as_killed(first)
    second = Journal(tmp_path)
    second.append([b"d\n"])
    abandon_as_killed(second)
    assert orphaned_lines(tmp_path) == [[b"a\n", b"b\n", b"c\n"], [b"d\n"]]


def test_a_living_process_is_no_orphan(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([b"a\n"])
    assert orphaned_lines(tmp_path) == []
    journal.close()


def test_an_orphan_in_hand_is_nobody_elses(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([b"a\n"])
    journal.close()
    for orphan in find_orphans(tmp_path):
        assert orphaned_lines(tmp_path) == []
        orphan.delete()
    assert files(tmp_path) == []


def test_closing_deletes_an_empty_file_only(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    assert files(tmp_path) == []
    full = Journal(tmp_path)
    full.append([b"a\n"])
    full.close()
    assert orphaned_lines(tmp_path) == [[b"a\n"]]


def test_replacing_keeps_the_given_lines_only(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([b"a\n", b"b\n"])
    journal.replace([b"b\n"])
    journal.append([b"c\n"])
    assert journal.size == 4
    journal.close()
    assert orphaned_lines(tmp_path) == [[b"b\n", b"c\n"]]


def test_replacing_with_nothing_empties_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append([b"a\n"])
    journal.replace([])
    assert journal.size == 0
    journal.append([b"b\n"])
    journal.close()
    assert orphaned_lines(tmp_path) == [[b"b\n"]]


def test_the_folder_and_the_file_are_for_this_user_only(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "var" / "journal")
    (path,) = files(tmp_path / "var" / "journal")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    journal.close()


def fill_disk_after(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """Write as a disk does that has so many bytes left, then fails."""
    written = 0
    real_write = os.write

    def write(file: int, data: bytes) -> int:
        nonlocal written
        if written >= room:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = real_write(file, data[: room - written])
        written += count
        return count

    monkeypatch.setattr(os, "write", write)


def test_a_full_disk_keeps_what_was_kept_and_tears_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append([b"first\n"])
    with monkeypatch.context() as patch:
        fill_disk_after(patch, 4)
        with pytest.raises(OSError, match="No space"):
            journal.append([b"second\n"])
    journal.append([b"third\n"])
    journal.close()
    assert orphaned_lines(tmp_path) == [[b"first\n", b"third\n"]]


def test_a_full_disk_while_replacing_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append([b"first\n"])
    with monkeypatch.context() as patch:
        fill_disk_after(patch, 2)
        with pytest.raises(OSError, match="No space"):
            journal.replace([b"second\n"])
    journal.close()
    assert orphaned_lines(tmp_path) == [[b"first\n"]]


def test_a_file_deleted_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_lock = journal_module._lock
    swept: list[Path] = []

    def lock_late(file: int) -> bool:
        if not swept:
            swept.extend(files(tmp_path))
            swept[0].unlink()
        return real_lock(file)

    monkeypatch.setattr(journal_module, "_lock", lock_late)
    journal = Journal(tmp_path)
    journal.append([b"a\n"])
    journal.close()
    assert orphaned_lines(tmp_path) == [[b"a\n"]]


def test_a_file_that_vanishes_while_looking_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.append([b"a\n"])
    journal.close()
    monkeypatch.setattr(
        Path, "glob", lambda _self, _pattern: [tmp_path / f"gone{SUFFIX}", *list(files_of(tmp_path))]
    )
    assert orphaned_lines(tmp_path) == [[b"a\n"]]


def files_of(folder: Path) -> list[Path]:
    return [folder / name for name in os.listdir(folder)]  # noqa: PTH208 - glob is what the test replaces

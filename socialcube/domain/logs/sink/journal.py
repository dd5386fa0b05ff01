"""The crash journal: rows that are not committed yet, on disk, so that `kill -9` loses none.

One file a process and start. Its owner holds a lock on it that the kernel frees at its death; a file
whose lock is free is an orphan, and any process on that disk may bring its rows to the database.
Nothing is synced: the promise is against the death of a process, not of the machine.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from socialcube.kernel.ids import new_id

SUFFIX: Final = ".journal"
DAMAGED_SUFFIX: Final = ".damaged"


class Journal:
    """The file of this process. Used by one thread at a time.

    Args:
        folder: where journals lie, made when missing with mode 0700.

    Raises:
        OSError: from every method, when the disk is full, gone or read-only. Rows kept so far stay.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = 0
        self._path, self._file = _create(folder)

    def append(self, lines: Iterable[bytes]) -> None:
        """Keep more lines: all of them or, when it fails, none."""
        data = b"".join(lines)
        try:
            _write_all(self._file, data)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._file, self.size)
            raise
        self.size += len(data)

    def replace(self, lines: Iterable[bytes]) -> None:
        """Keep these lines only. A crash in between leaves the old file or both, never neither."""
        data = b"".join(lines)
        if not data:
            os.ftruncate(self._file, 0)
            self.size = 0
            return
        path, file = _create(self.folder)
        try:
            _write_all(file, data)
        except OSError:
            _discard(path, file)
            raise
        _discard(self._path, self._file)
        self._path, self._file, self.size = path, file, len(data)

    def close(self) -> None:
        """Let go of the file: an empty one is deleted, another one is an orphan from here on."""
        if self.size:
            os.close(self._file)
        else:
            _discard(self._path, self._file)

    def abandon(self) -> None:
        """Drop a forked child's copy of the descriptor, which would keep the parent's lock alive."""
        os.close(self._file)


class Orphan:
    """A file whose owner is gone, locked for as long as this object is open."""

    def __init__(self, path: Path, file: int) -> None:
        self._path = path
        self._file = file

    def lines(self) -> Iterator[bytes]:
        """Give the lines in the order they were kept. The last one may be torn."""
        with os.fdopen(os.dup(self._file), "rb") as reader:
            yield from reader

    def set_aside(self, lines: Iterable[bytes]) -> Path:
        """Keep lines that cannot be read in a file of their own, for people. Gives its path."""
        path = self._path.with_suffix(DAMAGED_SUFFIX)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            _write_all(file, b"".join(lines))
        finally:
            os.close(file)
        return path

    def delete(self) -> None:
        """Delete the file, once its rows are committed."""
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._file)


def delete_damaged(folder: Path, before: float) -> int:
    """Delete lines that were set aside before a moment, in seconds since 1970. Gives the number of files."""
    count = 0
    for path in folder.glob(f"*{DAMAGED_SUFFIX}"):
        # Another process of this disk may be quicker.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                count += 1
    return count


def find_orphans(folder: Path) -> Iterator[Orphan]:
    """Lock and give each file that nobody owns, the oldest first."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        if not _lock(file):
            os.close(file)
            continue
        with Orphan(path, file) as orphan:
            yield orphan


def _create(folder: Path) -> tuple[Path, int]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        path = folder / f"{new_id().hex}-{os.getpid()}{SUFFIX}"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        # Somebody who looked for orphans may have locked and deleted the file before we locked it.
        if _lock(file) and os.fstat(file).st_nlink:
            return path, file
        os.close(file)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _discard(path: Path, file: int) -> None:
    path.unlink(missing_ok=True)
    os.close(file)


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]

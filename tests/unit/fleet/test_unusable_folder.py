"""A disk that takes no lock file is told in a sentence."""

import errno
import os
from pathlib import Path

import pytest

from socialcube.fleet.lock_files import FolderUnusableError, LockFile


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "No space left on device"), (errno.EROFS, "Read-only file system")],
)
def test_disk_that_takes_no_file_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FolderUnusableError) as caught:
        LockFile(tmp_path, "one")
    assert caught.value.message == f"The folder {tmp_path}/runners cannot be written: {reason}."

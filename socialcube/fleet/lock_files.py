"""Files that tell whether a runner of this machine lives: the kernel frees their lock with the process."""

import fcntl
import os
from pathlib import Path
from typing import Final

from socialcube.kernel.errors import SocialCubeError

_FOLDER: Final = "runners"


class FolderUnusableError(SocialCubeError):
    """The folder {folder} cannot be written: {reason}."""

    code = "folder_unusable"
    remedy = "Make room on its disk and let this user write there, or name another folder in VAR_DIR."


class LockFile:
    """The lock of this process, held from construction until `release` or the process's end.

    Args:
        var_dir: folder shared by the runners of this machine.
        name: of the file, different for every process.

    Raises:
        FolderUnusableError: the disk is full, read-only, or not this user's.
    """

    def __init__(self, var_dir: Path, name: str) -> None:
        folder = var_dir / _FOLDER
        self.path = folder / f"{name}.lock"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FolderUnusableError(folder=folder, reason=error.strerror) from error

    def release(self) -> None:
        """Remove the file and free the lock."""
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


def is_free(path: Path) -> bool:
    """Tell whether the process that held this lock is gone for sure.

    A file that is not there proves nothing: it may lie on a disk we cannot see. The probe takes a shared
    lock, so that two runners that probe at once do not take each other for the owner.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def remove(path: Path) -> None:
    """Remove the file of a process that is gone."""
    path.unlink(missing_ok=True)

"""The file outside of the database that remembers what the audit log ended with, line by line."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from socialcube.kernel.settings import Settings

_TAIL_BYTES: Final = 4096
_OWNER_ONLY: Final = 0o600


def anchors_path(settings: Settings) -> Path:
    """Give where anchors are kept. Those of the sandbox stand apart, as its database does."""
    return settings.var_dir / ("sandbox-anchors" if settings.sandbox else "anchors")


class AnchorFile:
    """A file to which lines are only ever added.

    Args:
        path: made when the first line comes, readable for its owner alone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, line: str) -> None:
        """Add a line. Several processes may do so at once: each line is one write at the end of the file.

        Raises:
            OSError: it could not be stored.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
        try:
            os.write(descriptor, f"{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def last_line(self) -> str:
        """Give the newest line, empty when there is none."""
        if not self.path.is_file():
            return ""
        with self.path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL_BYTES, 0))
            lines = file.read().decode("utf-8", "replace").splitlines()
        return lines[-1] if lines else ""

    def lines(self) -> Iterator[str]:
        """Give all lines, none when there is no file."""
        if not self.path.is_file():
            return
        with self.path.open(encoding="utf-8", errors="replace") as file:
            yield from file

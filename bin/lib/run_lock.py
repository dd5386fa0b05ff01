"""One `make run` per folder. The lock is the kernel's, so a killed one leaves nothing to clean up."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bin.lib.plain_errors import fail


@contextmanager
def only_one(path: Path) -> Iterator[IO[str]]:
    """Hold the lock, or say where the other one runs. Gives the file to write our own place into."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(_where(file))
        yield file


def announce(file: IO[str], *, pid: int, url: str) -> None:
    """Write down where we run, for the next one who tries."""
    file.truncate(0)
    json.dump({"pid": pid, "url": url}, file)
    file.flush()


def _where(file: IO[str]) -> str:
    file.seek(0)
    try:
        other = json.load(file)
    except ValueError:
        return "Social Cube is starting or stopping in this folder. Try again in a few seconds."
    return f"Social Cube already runs in this folder, as process {other['pid']}: {other['url']}"

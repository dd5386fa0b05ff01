"""Keeps pictures on disk, and for a while in mind which ones do not exist."""

import contextlib
import os
import tempfile
import threading
from pathlib import Path
from typing import Final, Protocol

from socialcube.domain.pictures.types import PictureAddress
from socialcube.infra.discord_images import Picture, read_picture
from socialcube.kernel.clock import Clock

MAX_BYTES: Final = 64 * 1024 * 1024
ABSENT_SECONDS: Final = 300.0
MAX_ABSENT: Final = 1000
SWEEP_EVERY: Final = 32
"""Writes between two looks at the folder's size, so that each process goes over it by a few MB at most."""

_KEPT_SHARE: Final = 0.8


class PictureSource(Protocol):
    """Where pictures come from."""

    def fetch(self, address: PictureAddress) -> Picture | None:
        """Give a picture, or None when there is none.

        Raises:
            PicturesAwayError: nothing is known about it.
        """
        ...


class PictureCache:
    """Pictures by their address, which never changes its meaning. All web processes share the folder.

    Without a writable folder every picture is fetched anew; the browser's own cache stays.

    Args:
        folder: made when the first picture is kept, for this user alone.
        source: asked for what is not here.
        clock: tells when to ask again for what was absent.
        max_bytes: size of the folder at which the pictures kept longest go.
    """

    def __init__(
        self, folder: Path, source: PictureSource, clock: Clock, *, max_bytes: int = MAX_BYTES
    ) -> None:
        self._folder = folder
        self._source = source
        self._clock = clock
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._absent: dict[PictureAddress, float] = {}
        self._writes = 0

    def get(self, address: PictureAddress) -> Picture | None:
        """Give a picture, or None when there was none within the last minutes.

        Raises:
            PicturesAwayError: it is not here, and its source does not answer.
        """
        path = self._folder / f"{address.kind}-{address.external_id}-{address.hash}"
        kept = _read(path)
        if kept is not None:
            return kept
        if self._is_absent(address):
            return None
        picture = self._source.fetch(address)
        if picture is None:
            self._note_absent(address)
        else:
            # Neither a full disk nor a folder of somebody else's may take the picture away.
            with contextlib.suppress(OSError):
                self._keep(path, picture)
        return picture

    def _is_absent(self, address: PictureAddress) -> bool:
        with self._lock:
            return self._absent.get(address, 0.0) > self._clock.monotonic()

    def _note_absent(self, address: PictureAddress) -> None:
        with self._lock:
            # Put in anew, so that the first is always the one noted longest ago.
            self._absent.pop(address, None)
            self._absent[address] = self._clock.monotonic() + ABSENT_SECONDS
            if len(self._absent) > MAX_ABSENT:
                del self._absent[next(iter(self._absent))]

    def _keep(self, path: Path, picture: Picture) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(picture.content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        self._writes += 1
        if self._writes % SWEEP_EVERY == 0:
            self._sweep()

    def _sweep(self) -> None:
        """Take the pictures kept longest away, until a fifth of the room is free again."""
        files = sorted(_sizes(self._folder))
        total = sum(size for _, size, _ in files)
        if total <= self._max_bytes:
            return
        for _, size, path in files:
            path.unlink(missing_ok=True)
            total -= size
            if total <= self._max_bytes * _KEPT_SHARE:
                return


def _read(path: Path) -> Picture | None:
    """Give a kept picture. One that was damaged counts as none and is fetched again."""
    try:
        return read_picture(path.read_bytes())
    except OSError:
        return None


def _sizes(folder: Path) -> list[tuple[int, int, Path]]:
    """Give time of writing, size and path of each file; another process may take some away meanwhile."""
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            facts = path.stat()
            found.append((facts.st_mtime_ns, facts.st_size, path))
    return found

"""The state file: the world survives a restart in it."""

import asyncio
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any, Final

from socialcube.sandbox.errors import StateFileDamagedError, StateFileUnwritableError
from socialcube.sandbox.world import codec, consistency
from socialcube.sandbox.world.changes import Change
from socialcube.sandbox.world.records import State
from socialcube.sandbox.world.world import World

_VERSION: Final = 1
_PAUSE: Final = 1.0
_PRIVATE: Final = 0o600
_log = logging.getLogger(__name__)


def load(path: Path) -> State | None:
    """Read a state file. Gives None when there is none yet.

    Raises:
        StateFileDamagedError: it cannot be read, is not ours, or does not hold together.
    """
    try:
        content = json.loads(path.read_text())
        if not isinstance(content, dict) or content.get("version") != _VERSION:
            raise StateFileDamagedError(path=path, reason="it is not from this version of the sandbox")
        state: State = codec.decode(State, content.get("state"))
        consistency.check(state)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateFileDamagedError(path=path, reason=error.strerror) from None
    except (ValueError, RecursionError) as error:
        raise StateFileDamagedError(path=path, reason=_short(error)) from None
    return state


def dump(state: State) -> str:
    """Give the text of a state file."""
    return json.dumps({"version": _VERSION, "state": state}, default=codec.encode)


def write(path: Path, text: str) -> None:
    """Replace the file at once and as a whole, readable by its owner only.

    Raises:
        StateFileUnwritableError: the folder is missing or read-only, or the disk is full.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        # Opened anew and exclusively, so that the mode holds from the first byte: tokens stand in it.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StateFileUnwritableError(path=path, reason=error.strerror) from None


class Saver:
    """Writes the world after changes, at most once a second, and when it stops.

    Args:
        world: what is written.
        path: where to. The file is written once at once, so that a folder without room shows at the start.
    """

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._changed = asyncio.Event()
        # A write that still runs in its thread when the server stops must not meet the last one.
        self._writing = threading.Lock()
        world.feed.subscribe(self._note)
        write(path, dump(world.state))

    async def run(self) -> None:
        """Write whenever something changed, until cancelled."""
        while True:
            await self._changed.wait()
            # A burst of changes becomes one write.
            await asyncio.sleep(_PAUSE)
            self._changed.clear()
            try:
                # The text is made here, where nothing can change the world meanwhile.
                await asyncio.to_thread(self._write, dump(self._world.state))
            except StateFileUnwritableError as error:
                _log.warning("%s", error.message)

    def save(self) -> None:
        """Write now."""
        self._write(dump(self._world.state))

    def _write(self, text: str) -> None:
        with self._writing:
            write(self._path, text)

    def _note(self, _change: Change) -> None:
        self._changed.set()


def _short(error: Any) -> str:
    return str(error).split(":", maxsplit=1)[0].lower()[:100] or "it is too deep"

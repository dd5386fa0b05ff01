"""The Procfile as a process manager runs it, on a real PostgreSQL and a real Redis-compatible server."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import config
from bin.lib.key_pair import new_key_pair
from bin.lib.procfile import read_procfile
from tests.support.postgres import Cluster
from tests.support.system import free_port
from tests.support.valkey import RunningValkey

pytestmark = [pytest.mark.processes, pytest.mark.postgres, pytest.mark.timeout(600)]

_READY_SECONDS = 120.0
_STOP_SECONDS = 60.0


@pytest.fixture
def environ(cluster: Cluster, tmp_path: Path) -> Iterator[dict[str, str]]:
    pair = new_key_pair()
    key_file = tmp_path / "opening.key"
    key_file.write_text(pair.opening)
    key_file.chmod(0o600)
    with cluster.empty_database() as url, RunningValkey() as valkey:
        yield {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "SOCIALCUBE_ENV": "production",
            "VAR_DIR": str(tmp_path / "var"),
            # As Heroku writes it.
            "DATABASE_URL": url.reveal().replace("postgresql+psycopg2://", "postgres://"),
            "REDIS_URL": valkey.url.reveal(),
            "SECRET_KEY": "s" * 40,
            "TOKEN_SEALING_KEYS": pair.sealing,
            "TOKEN_OPENING_KEY_FILE": str(key_file),
            # Here all processes are one user's, as an owner may accept.
            "TOKEN_OPENING_KEY_SHARED": "yes",
            "PUBLIC_URL": "https://panel.example",
            "PORT": str(free_port()),
            "PYTHONUNBUFFERED": "1",
        }


def honcho(*words: str) -> list[str]:
    return [sys.executable, "-m", "honcho", "--env", os.devnull, *words]


@contextmanager
def started(environ: dict[str, str], log: Path, *processes: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        manager = subprocess.Popen(
            honcho("start", *processes),
            cwd=config.PROJECT,
            env=environ,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield manager
    finally:
        if manager.poll() is None:
            manager.terminate()
            manager.wait(_STOP_SECONDS)


def readiness(port: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except OSError as error:
        return {"status": str(error)}


def test_release_and_processes_run_on_any_postgresql_and_redis(
    environ: dict[str, str], tmp_path: Path
) -> None:
    release = read_procfile(config.PROJECT / "Procfile")["release"].split()
    done = subprocess.run(
        honcho("run", *release), cwd=config.PROJECT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    log = tmp_path / "honcho.log"
    with started(environ, log, "web", "worker", "beat", "bots") as manager:
        deadline = time.monotonic() + _READY_SECONDS
        while (answer := readiness(environ["PORT"]))["status"] != "ok":
            assert manager.poll() is None, log.read_text()
            assert time.monotonic() < deadline, (answer, log.read_text())
            time.sleep(0.2)
        manager.send_signal(signal.SIGTERM)
        assert manager.wait(_STOP_SECONDS) == 128 + signal.SIGTERM
    said = log.read_text()
    assert "Traceback" not in said
    assert environ["SECRET_KEY"] not in said


def test_web_and_worker_refuse_an_opening_key_that_they_can_see(
    environ: dict[str, str], tmp_path: Path
) -> None:
    exposed = environ | {"TOKEN_OPENING_KEY": new_key_pair().opening}
    for name in ("web", "worker", "beat"):
        log = tmp_path / f"{name}.log"
        with started(exposed, log, name) as manager:
            assert manager.wait(_READY_SECONDS) == config.EXIT_BAD_SETTINGS
        assert "TOKEN_OPENING_KEY is for bot_runner.py alone" in log.read_text()
        assert exposed["TOKEN_OPENING_KEY"] not in log.read_text()


def test_web_and_worker_refuse_a_key_file_that_they_could_read(
    environ: dict[str, str], tmp_path: Path
) -> None:
    strict = {name: value for name, value in environ.items() if name != "TOKEN_OPENING_KEY_SHARED"}
    for name in ("web", "worker"):
        log = tmp_path / f"{name}.log"
        with started(strict, log, name) as manager:
            assert manager.wait(_READY_SECONDS) == config.EXIT_BAD_SETTINGS
        assert f"can read the opening key {environ['TOKEN_OPENING_KEY_FILE']}" in log.read_text()

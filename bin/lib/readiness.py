"""Waits until everything answers, fills the sandbox once, and prints the block that people look for."""

import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from bin.lib.guard import Guard
from socialcube.kernel.settings import Settings

_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 60.0
_DEMO = ("flask", "--app", "wsgi", "demo", "seed")


class Readiness(threading.Thread):
    """Runs beside the processes; it never stops them."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], guard: Guard) -> None:
        super().__init__(name="readiness", daemon=True)
        self._settings = settings
        self._environ = environ
        self._guard = guard

    def run(self) -> None:
        """Wait, fill, tell."""
        sandbox = self._settings.sandbox
        if sandbox:
            _wait_for(f"http://{sandbox.host}:{sandbox.port}/healthz", "The sandbox")
            self._seed()
        _wait_for(f"{self._local_url()}/readyz", "The panel")
        print(ready_block(self._settings), flush=True)

    def _local_url(self) -> str:
        """Give the panel's own address; the public one may belong to a proxy that is not there yet."""
        host = self._settings.web.host
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
        return f"http://{host}:{self._settings.web.port}"

    def _seed(self) -> None:
        """Fill an empty sandbox with bots and commands, once: what people delete stays deleted."""
        marker = self._settings.var_dir / "demo.seeded"
        if marker.exists():
            return
        process = subprocess.Popen(
            _DEMO,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._guard.watch(process.pid)
        said, _ = process.communicate()
        if process.returncode == 0:
            marker.touch()
        elif process.returncode > 0:
            print(f"The demo bots could not be made:\n{said}", flush=True)


def _wait_for(url: str, who: str) -> None:
    """Wait for a 200, and say once what is missing when that takes long."""
    started, told = time.monotonic(), False
    while True:
        problem = _problem(url)
        if problem is None:
            return
        if not told and time.monotonic() - started > _PATIENCE_SECONDS:
            told = True
            print(
                f"{who} is not ready after {_PATIENCE_SECONDS:.0f} s: {problem} Still waiting …", flush=True
            )
        time.sleep(_POLL_SECONDS)


def _problem(url: str) -> str | None:
    # The address is our own, so proxies of the environment must not see it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return None
    except urllib.error.HTTPError as error:
        return failed_checks(error.read()) or f"it answers {error.code}."
    except OSError:
        return "it does not answer yet."


def failed_checks(body: bytes) -> str:
    """Give the sentences of the checks that failed, out of the body of /readyz."""
    try:
        checks: dict[str, dict[str, Any]] = json.loads(body)["checks"]
        return " ".join(check["message"] for check in checks.values() if not check["ok"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def ready_block(settings: Settings) -> str:
    """Give the block that says where everything is, and how to go on from here."""
    lines = ["", "Social Cube is ready.", "", f"  Panel          {settings.web.public_url}"]
    if settings.sandbox:
        lines += [
            f"  Sandbox chat   http://{settings.sandbox.host}:{settings.sandbox.port}/  (try /hello)",
            "  Real Discord   DISCORD_CLIENT_ID=… DISCORD_CLIENT_SECRET=… make run",
        ]
    else:
        lines += [f"  Discord        {settings.discord.origin}"]
    lines += [
        f"                 with the redirect URI {settings.web.public_url}/login/discord/authorized",
        f"  Command line   {settings.var_dir.parent}/.venv/bin/flask --app wsgi --help",
        f"  Data and keys  {settings.var_dir}",
        "  Stop           Ctrl-C",
        "",
    ]
    return "\n".join(lines)

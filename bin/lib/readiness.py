"""Waits until everything answers, fills the sandbox once, and prints the block that people look for."""

import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bin.lib.guard import Guard
from bin.lib.ownership import is_known_to_be_owned
from socialcube.kernel.settings import SANDBOX_KEY_HEADER, SandboxSettings, Settings

_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 60.0
#: The first time people come to see the bots; later they come back to work.
_BOTS_AT_FIRST_SECONDS = 15.0
_BOTS_SECONDS = 2.0
_DEMO = ("flask", "--app", "wsgi", "demo")


class Readiness(threading.Thread):
    """Runs beside the processes; it never stops them.

    Args:
        settings: of this installation.
        environ: what every process gets.
        guard: ends what this starts, when all ends.
        hint: a line for people under the block, empty for none.
    """

    def __init__(self, settings: Settings, environ: Mapping[str, str], guard: Guard, hint: str = "") -> None:
        super().__init__(name="readiness", daemon=True)
        self._settings = settings
        self._environ = environ
        self._guard = guard
        self._hint = hint

    def run(self) -> None:
        """Wait, fill, tell."""
        sandbox = self._settings.sandbox
        is_new = False
        if sandbox:
            _wait_for(f"{_origin(sandbox)}/healthz", "The sandbox")
            is_new = self._seed()
        _wait_for(f"{self._local_url()}/readyz", "The panel")
        if sandbox:
            _wait_for_bots(sandbox, _BOTS_AT_FIRST_SECONDS if is_new else _BOTS_SECONDS)
        print(ready_block(self._settings, self._hint), flush=True)

    def _local_url(self) -> str:
        """Give the panel's own address; the public one may belong to a proxy that is not there yet."""
        host = self._settings.web.host
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
        return f"http://{host}:{self._settings.web.port}"

    def _seed(self) -> bool:
        """Fill an empty sandbox with bots and commands, once: what people delete stays deleted.

        People are made whenever nobody could manage the site. Tells whether bots were made.
        """
        marker = self._settings.var_dir / "demo.seeded"
        if not marker.exists():
            if is_done := self._make_demo("seed"):
                marker.touch()
            return is_done
        if not is_known_to_be_owned(self._settings):
            self._make_demo("people")
        return False

    def _make_demo(self, what: str) -> bool:
        process = subprocess.Popen(
            [*_DEMO, what],
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._guard.watch(process.pid)
        said, _ = process.communicate()
        if process.returncode > 0:
            print(f"The demo could not be made:\n{said}", flush=True)
        return process.returncode == 0


def _origin(sandbox: SandboxSettings) -> str:
    return f"http://{sandbox.host}:{sandbox.port}"


def _wait_for_bots(sandbox: SandboxSettings, seconds: float) -> None:
    """Give the bots a moment, so that the chat answers when people come. Bots may be stopped: then go on."""
    key = {SANDBOX_KEY_HEADER: sandbox.control_key.reveal()}
    url = f"{_origin(sandbox)}/control/applications"
    deadline = time.monotonic() + seconds
    with suppress(OSError, ValueError):
        while time.monotonic() < deadline and not are_all_online(_fetch(url, key)):
            time.sleep(_POLL_SECONDS)


def are_all_online(body: bytes) -> bool:
    """Read the control door's list of applications. One without a token has no bot."""
    return all(each["online"] for each in json.loads(body) if each["token"])


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
    try:
        _fetch(url)
    except urllib.error.HTTPError as error:
        return failed_checks(error.read()) or f"it answers {error.code}."
    except OSError:
        return "it does not answer yet."
    return None


def _fetch(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    # The address is our own, so proxies of the environment must not see it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310 - our own address
    with opener.open(request, timeout=5) as answer:
        return bytes(answer.read())


def failed_checks(body: bytes) -> str:
    """Give the sentences of the checks that failed, out of the body of /readyz."""
    try:
        checks: dict[str, dict[str, Any]] = json.loads(body)["checks"]
        return " ".join(check["message"] for check in checks.values() if not check["ok"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def ready_block(settings: Settings, hint: str = "") -> str:
    """Give the block that says where everything is, and how to go on from here. A hint stands at its end."""
    lines = ["", "Social Cube is ready.", "", f"  Panel          {settings.web.public_url}"]
    if settings.sandbox:
        lines += [
            f"  Sandbox chat   {_origin(settings.sandbox)}/  (try /hello)",
            "  Real Discord   DISCORD_CLIENT_ID=… DISCORD_CLIENT_SECRET=… make run",
        ]
    else:
        lines += [f"  Discord        {settings.discord.origin}"]
    lines += [
        f"                 with the redirect URI {settings.web.public_url}/login/discord/authorized",
        f"  Command line   {settings.var_dir.parent}/.venv/bin/flask --app wsgi --help",
        f"  Data and keys  {settings.var_dir}",
        "  Stop           Ctrl-C",
        *(["", hint] if hint else []),
        "",
    ]
    return "\n".join(lines)

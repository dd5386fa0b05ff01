"""The folder var/: what `make run` chooses once and keeps. Nobody but its owner can read it."""

import os
import random
import secrets
import socket
from contextlib import suppress
from pathlib import Path

import config
from bin.lib.key_pair import new_key_pair, sealing_half
from bin.lib.plain_errors import fail

#: Linux takes 108 bytes for a socket's path and macOS 104, both with a closing zero.
_LONGEST_SOCKET_PATH = 100
#: Below the ports that Linux and macOS hand to outgoing connections, so nothing takes ours by chance.
_PORTS = range(15000, 32000)
#: Honcho kills after five seconds, and nobody who presses Ctrl-C wants to wait longer.
_DRAIN_SECONDS = "3"
#: An id that cannot exist on Discord: it would be from the first millisecond of 2015.
_SANDBOX_CLIENT_ID = "5000"
_HEADER = """\
# Made by `make run` for this machine; your own settings may stand here too, one NAME=value a line.
# The environment wins over this file. docs/reference/settings.md explains each.
"""


def prepare(var: Path) -> None:
    """Make the folder, the keys and `.env`, or complete what is there. Nothing that exists is replaced."""
    for folder in (var, var / "keys", var / "redis"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    path = var / ".env"
    found = config.read_env_file(path)
    missing = {name: value for name, value in _choices(var, found).items() if name not in found}
    if missing:
        lines = [f"{name}={value}\n" for name, value in missing.items()]
        old = path.read_text(encoding="utf-8") if path.exists() else _HEADER
        write_private(path, old + "".join(lines))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def free_port() -> int:
    """Find a port on loopback that is free now."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311 - a port is no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _choices(var: Path, found: dict[str, str]) -> dict[str, str]:
    fits = len(os.fsencode(var / "redis.sock")) <= _LONGEST_SOCKET_PATH
    return {
        "SOCIALCUBE_ENV": "development",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "AUDIT_KEY": secrets.token_urlsafe(48),
        "TOKEN_SEALING_KEYS": found.get("TOKEN_SEALING_KEYS") or _public_key(var / "keys" / "opening.key"),
        "SANDBOX_PORT": str(free_port()),
        "SANDBOX_CONTROL_KEY": secrets.token_urlsafe(32),
        "SANDBOX_CLIENT_ID": _SANDBOX_CLIENT_ID,
        "SANDBOX_CLIENT_SECRET": secrets.token_urlsafe(24),
        "EMBEDDED_REDIS_PORT": "0" if fits else str(free_port()),
        "EMBEDDED_REDIS_PASSWORD": secrets.token_urlsafe(32),
        "WEB_DRAIN_SECONDS": _DRAIN_SECONDS,
        "BOT_DRAIN_SECONDS": _DRAIN_SECONDS,
    }


def _public_key(path: Path) -> str:
    """Give the public half of the opening key, making the pair when there is none yet."""
    if path.exists():
        try:
            return ",".join(sealing_half(line) for line in path.read_text(encoding="ascii").split())
        except ValueError:
            fail(
                f"{path} is damaged. Put it back from a backup, or remove it and enter all bot tokens again."
            )
    pair = new_key_pair()
    write_private(path, pair.opening + "\n")
    return pair.sealing

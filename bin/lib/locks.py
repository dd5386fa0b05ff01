"""Compiles requirements/*.in into locks with hashes, or checks that the locks fit, without the network.

`python -m bin.lib.locks` compiles; `python -m bin.lib.locks --check` compares the hash of the inputs
that each lock carries in its first line.
"""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bin.lib.plain_errors import fail, plain_errors

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Lock:
    """A compiled file and what it is compiled from, the first of them being the requirements."""

    path: str
    inputs: tuple[str, ...]

    def fingerprint(self) -> str:
        """Hash what the lock depends on."""
        digest = hashlib.sha256()
        for name in self.inputs:
            digest.update((PROJECT / name).read_bytes())
        return digest.hexdigest()

    def first_line(self) -> str:
        """Give the line that says where the lock comes from."""
        return f"# Made by `make locks` from {self.inputs[0]}; inputs sha256:{self.fingerprint()}\n"


LOCKS = (
    Lock("requirements.txt", ("requirements/runtime.in",)),
    Lock("requirements/dev.txt", ("requirements/dev.in", "requirements.txt")),
    Lock("requirements/bootstrap.txt", ("requirements/bootstrap.in",)),
)


def stale_locks() -> list[str]:
    """Name the locks that do not fit their inputs."""
    return [lock.path for lock in LOCKS if not _is_current(lock)]


def compile_locks() -> None:
    """Resolve the locks whose inputs changed, keeping other versions; `--upgrade` takes the newest of all."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    for lock in LOCKS:
        if _is_current(lock) and not upgrade:
            continue
        command = [
            *(
                sys.executable,
                "-m",
                "uv",
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--python-version",
                "3.11",
            ),
            *("--generate-hashes", "--no-header", lock.inputs[0], "-o", lock.path, *upgrade),
        ]
        if subprocess.run(command, check=False, cwd=PROJECT).returncode:
            fail(f"{lock.path} could not be compiled; the lines above say why.")
        path = PROJECT / lock.path
        path.write_text(lock.first_line() + path.read_text(encoding="utf-8"), encoding="utf-8")
        print(f"{lock.path} is new.")


def _is_current(lock: Lock) -> bool:
    path = PROJECT / lock.path
    return path.exists() and path.read_text(encoding="utf-8").startswith(lock.first_line())


if __name__ == "__main__":
    with plain_errors():
        if "--check" not in sys.argv:
            compile_locks()
        elif stale := stale_locks():
            fail(f"Not up to date with requirements/*.in: {', '.join(stale)}. Run `make locks`.")

"""Creates .venv and installs a lock into it, unless that lock is there already. Standard library only.

Run by any Python that is new enough: `python -m bin.lib.install runtime|dev`.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bin.lib.package_index import uv_environment
from bin.lib.plain_errors import fail, plain_errors

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
BOOTSTRAP = PROJECT / "requirements" / "bootstrap.txt"
LOCKS = {
    "runtime": [PROJECT / "requirements.txt"],
    "dev": [PROJECT / "requirements.txt", PROJECT / "requirements" / "dev.txt"],
}
#: What .venv needs, in bytes, with room to unpack.
NEEDED_BYTES = {"runtime": 500 << 20, "dev": 1000 << 20}


def main(kind: str) -> None:
    """Bring .venv up to the locks of `kind`; says so when that takes a while."""
    VENV.mkdir(exist_ok=True)
    # Two scripts that start at once install one after the other. uv has a lock of its own, `.lock`.
    with (VENV / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_current(kind):
            return
        print("Preparing Python packages in .venv (only when they changed) …", flush=True)
        _require_space(NEEDED_BYTES[kind])
        if not _venv_works():
            _create_venv()
            _place().write_text(str(VENV), encoding="utf-8")
        _install(LOCKS[kind])
        _stamp(kind).write_text(_fingerprint(LOCKS[kind]), encoding="ascii")


def _is_current(kind: str) -> bool:
    """Tell whether the packages of `kind` are in place; the development set contains the runtime set."""
    kinds = {kind, "dev"}
    return _venv_works() and any(
        _stamp(each).exists() and _stamp(each).read_text(encoding="ascii") == _fingerprint(LOCKS[each])
        for each in kinds
    )


def _stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def _place() -> Path:
    return VENV / ".place"


def _fingerprint(locks: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in [BOOTSTRAP, *locks]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _venv_works() -> bool:
    """Tell whether Python starts there, in the folder that its scripts name: a moved .venv is of no use."""
    if not _place().exists() or _place().read_text(encoding="utf-8") != str(VENV):
        return False
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0


def _require_space(needed: int) -> None:
    if shutil.disk_usage(PROJECT).free < needed:
        fail(
            f"The disk is almost full: the packages need {needed >> 20} MB here. Free some, then start again."
        )


def _create_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        fail(f"This Python lacks virtual environments. On Debian or Ubuntu: apt install python{version}-venv")
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def _install(locks: list[Path]) -> None:
    """Install with uv, itself pinned by hash: ten times faster than pip. When uv cannot, pip tries."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([*pip, "-r", str(BOOTSTRAP)])
    wanted = [part for path in locks for part in ("-r", str(path))]
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    environment = os.environ | uv_environment(PYTHON)
    if subprocess.run([*uv, *wanted], check=False, env=environment).returncode:
        print("Trying again with pip, which is slower …", flush=True)
        _run([*pip, *wanted])


def _run(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        fail("The Python packages could not be installed; the lines above say why. Then start again.")


if __name__ == "__main__":
    with plain_errors():
        main(sys.argv[1])

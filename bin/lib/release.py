"""Does before a start what the release line of the Procfile does before a deployment."""

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import config
from bin.lib.ownership import is_known_to_be_owned
from bin.lib.plain_errors import fail
from bin.lib.procfile import read_procfile
from bin.lib.var_folder import write_private
from socialcube.db.errors import DatabaseDamagedError
from socialcube.db.soundness import require_sound
from socialcube.kernel.settings import Settings

_SQLITE = "sqlite:///"
_NEEDED_BYTES = 20 << 20
_SETUP = "type the code"


def prepare_database(settings: Settings, environ: Mapping[str, str]) -> str:
    """Run migrations, and check whose database it is, unless this very file was prepared by this very code.

    Leaving it out saves a second or two of each start. Every process looks at the database again. A site
    that nobody owns is never left out: it gets a fresh setup code.

    Returns:
        The line that says how to become the site's owner, empty when it has one.
    """
    if shutil.disk_usage(settings.var_dir).free < _NEEDED_BYTES:
        fail("The disk is full. Free some space, then start again.")
    _require_sound(_sqlite_file(settings))
    stamp = settings.var_dir / "prepared"
    known = fingerprint(settings)
    is_prepared = known and stamp.exists() and stamp.read_text(encoding="ascii") == known
    has_owner_named = bool(settings.sandbox or settings.admin_ids)
    if is_prepared and (has_owner_named or is_known_to_be_owned(settings)):
        return ""
    command = read_procfile(config.PROJECT / "Procfile")["release"]
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        log = settings.var_dir / "release.log"
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        write_private(log, "\n".join(said) + "\n")
        reason = said[-1].removeprefix("Error: ") if said else f"exit code {done.returncode}"
        fail(f"The database could not be prepared: {reason}\nEverything that was said is in {log}")
    write_private(stamp, fingerprint(settings))
    return next((line for line in done.stdout.splitlines() if _SETUP in line), "")


def fingerprint(settings: Settings) -> str:
    """Name a prepared file: its inode, its Discord, its migrations. A server has no name, the empty text."""
    path = _sqlite_file(settings)
    if path is None:
        return ""
    digest = hashlib.sha256(f"{path} {path.stat().st_ino} {settings.discord.origin}".encode())
    for migration in sorted((config.PROJECT / "migrations").rglob("*.py")):
        digest.update(migration.read_bytes())
    return digest.hexdigest()


def _sqlite_file(settings: Settings) -> Path | None:
    url = settings.database_url.reveal()
    path = Path(url.removeprefix(_SQLITE))
    return path if url.startswith(_SQLITE) and path.exists() else None


def _require_sound(path: Path | None) -> None:
    try:
        if path:
            require_sound(path)
    except DatabaseDamagedError as error:
        fail(f"{error.message} {error.remedy}")

"""SQLite files at the newest revision, copied from one that is migrated once in each process."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from socialcube.db import schema
from socialcube.db.session import create_engine
from socialcube.kernel.secrets import Secret


@cache
def migrated_file() -> Path:
    """Give a migrated database to copy."""
    folder = tempfile.mkdtemp(prefix="sc-template-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "template.db"
    engine = create_engine(Secret(f"sqlite:///{path}"))
    schema.upgrade(engine)
    engine.dispose()
    return path


def migrated_url(path: Path) -> str:
    """Put a migrated database at a path. Gives its address."""
    shutil.copy(migrated_file(), path)
    return f"sqlite:///{path}"

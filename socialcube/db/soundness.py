"""Looks whether an SQLite file is damaged. Standard library only, so that `make run` can ask quickly."""

import sqlite3
from contextlib import closing
from pathlib import Path

from socialcube.db.errors import DatabaseDamagedError


def require_sound(path: Path) -> None:
    """Refuse a damaged SQLite file before anything builds on it. It is read once; a missing one is sound.

    Raises:
        DatabaseDamagedError: SQLite finds the file inconsistent, or no database of its own.
    """
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        # Locked, or out of reach: whoever opens it for use says so better.
        return
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise DatabaseDamagedError(path=path)

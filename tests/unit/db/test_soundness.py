import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from socialcube.db.errors import DatabaseDamagedError
from socialcube.db.soundness import require_sound


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give an SQLite file of some hundred pages."""
    path = tmp_path / "it's a file.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (body TEXT)")
        connection.executemany("INSERT INTO notes VALUES (?)", [("x" * 900,)] * 1000)
        connection.commit()
    return path


def test_sound_file_is_accepted(database: Path) -> None:
    require_sound(database)
    assert database.exists()


def test_missing_file_is_accepted_and_not_made(tmp_path: Path) -> None:
    require_sound(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("page", [1, 3])
def test_file_with_random_bytes_in_it_is_refused_by_name(database: Path, page: int) -> None:
    with database.open("r+b") as file:
        file.seek(page * 4096)
        file.write(bytes(range(1, 256)) * 64)
    with pytest.raises(DatabaseDamagedError, match=r"it's a file\.db"):
        require_sound(database)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear reader, " * 500)
    with pytest.raises(DatabaseDamagedError):
        require_sound(path)


def test_locked_file_is_left_to_whoever_opens_it_for_use(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as owner:
        owner.execute("BEGIN EXCLUSIVE")
        require_sound(database)
        owner.execute("ROLLBACK")
    assert database.exists()

"""A runner that cannot do its work says so in one sentence."""

import pytest
from sqlalchemy import text

from socialcube.fleet.exit_codes import ExitCode
from tests.support.installation import Installation

pytestmark = pytest.mark.processes


def test_runner_without_the_opening_key_refuses(small_house: Installation) -> None:
    small_house.key_file.unlink()
    code, said = small_house.run_runner()
    assert code == ExitCode.REFUSED_TO_START
    assert "The opening key" in said
    assert "Traceback" not in said


def test_runner_refuses_a_database_of_another_origin(small_house: Installation) -> None:
    with small_house.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO settings (key, value, created_at, updated_at) "
                "VALUES ('discord_origin', '\"https://discord.com\"', '2026-01-01', '2026-01-01')"
            )
        )
    code, said = small_house.run_runner()
    assert code == ExitCode.REFUSED_TO_START
    assert "belongs to the Discord at https://discord.com" in said
    assert "Traceback" not in said


def test_runner_refuses_a_database_without_tables(small_house: Installation) -> None:
    code, said = small_house.run_runner(DATABASE_URL=f"sqlite:///{small_house.folder}/empty.db")
    assert code == ExitCode.REFUSED_TO_START
    assert "Traceback" not in said


def test_runner_refuses_a_database_of_a_newer_version(small_house: Installation) -> None:
    with small_house.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    code, said = small_house.run_runner()
    assert code == ExitCode.REFUSED_TO_START
    assert "Traceback" not in said


def test_runner_refuses_a_folder_that_cannot_be_written(small_house: Installation) -> None:
    blocked = small_house.folder / "blocked"
    blocked.write_text("not a folder")
    code, said = small_house.run_runner(
        VAR_DIR=str(blocked), TOKEN_OPENING_KEY_FILE=str(small_house.key_file)
    )
    assert code == ExitCode.REFUSED_TO_START
    assert f"The folder {blocked}/runners cannot be written" in said
    assert "name another folder in VAR_DIR" in said
    assert "Traceback" not in said

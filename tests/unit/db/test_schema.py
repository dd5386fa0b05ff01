from pathlib import Path

import pytest

from socialcube.db import schema
from socialcube.db.errors import SchemaBehindError, SchemaTooNewError
from socialcube.db.session import create_engine
from socialcube.kernel.secrets import Secret


def test_the_migrations_lie_beside_the_package() -> None:
    assert (schema.MIGRATIONS / "env.py").is_file()
    assert schema.head_revision()


def test_an_empty_database_is_behind_and_says_the_command(tmp_path: Path) -> None:
    engine = create_engine(Secret(f"sqlite:///{tmp_path}/empty.db"))
    with pytest.raises(SchemaBehindError) as behind:
        schema.require_current(engine)
    engine.dispose()
    assert behind.value.message == (
        f"The database is at revision none, this version of Social Cube needs {schema.head_revision()}."
    )
    assert "flask --app wsgi db upgrade" in behind.value.remedy


def test_the_sentence_about_a_newer_database_says_why() -> None:
    error = SchemaTooNewError(found="0099")
    assert "0099" in error.message
    assert "newer" in error.message
    assert error.remedy

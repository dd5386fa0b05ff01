import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from socialcube.db import schema
from socialcube.db.errors import SchemaBehindError, SchemaTooNewError
from socialcube.db.partitions import is_partition
from socialcube.domain.tables import metadata
from tests.support.databases import Database


def table_names(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name for name in names if not is_partition(connection, name)} - {"alembic_version"}


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        options = schema.comparison(connection)
        del options["render_as_batch"]
        context = MigrationContext.configure(connection, opts=options | {"target_metadata": metadata})
        return list(compare_metadata(context, metadata))


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(schema.MIGRATIONS)).get_heads()) == 1


def test_upgrade_makes_what_the_models_say_and_nothing_else(empty_database: Database) -> None:
    engine = empty_database.engine
    schema.upgrade(engine)
    assert differences(engine) == []
    expected = {
        table.name
        for table in metadata.tables.values()
        if table.info.get("dialect", engine.dialect.name) == engine.dialect.name
    }
    assert table_names(engine) == expected


def test_the_comparison_sees_a_missing_column(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE bot_logs DROP COLUMN kind"))
    assert len(differences(database.engine)) == 1


def test_down_leaves_nothing_and_up_works_again(database: Database) -> None:
    schema.downgrade(database.engine, "base")
    assert table_names(database.engine) == set()
    assert schema.current_revision(database.engine) is None
    schema.upgrade(database.engine)
    assert differences(database.engine) == []


def test_upgrading_twice_is_harmless(database: Database) -> None:
    schema.upgrade(database.engine)
    schema.require_current(database.engine)


def test_a_database_that_was_never_migrated_is_refused_with_what_to_do(empty_database: Database) -> None:
    with pytest.raises(SchemaBehindError, match="at revision none") as refused:
        schema.require_current(empty_database.engine)
    assert "db upgrade" in refused.value.remedy


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match="9999"):
        schema.require_current(database.engine)


def test_foreign_keys_hold_again_after_a_migration(database: Database) -> None:
    schema.upgrade(database.engine)
    if database.kind == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []

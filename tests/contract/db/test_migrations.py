import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

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
    assert table_names(engine) == expected | {name for kind, name in schema.LEAVING if kind == "table"}


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
    assert [schema.current_revision(database.engine)] == ScriptDirectory(str(schema.MIGRATIONS)).get_heads()
    assert differences(database.engine) == []


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


RELEASED = "0001"
"""The revision that processes of the last release know: they write while `release` migrates, and go on."""

BOT = "00000000000000000000000000000001"
NOW = "2026-01-01 00:00:00+00:00"
OLD_ROWS: dict[str, dict[str, object]] = {
    "bots": {
        "id": BOT,
        "platform": "discord",
        "external_id": 1001,
        "name": "pizza-bot",
        "description": "",
        "token_last4": "",
        "intents": 0,
        "desired_state": "stopped",
        "generation": 0,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    },
    "runners": {"id": BOT, "host": "h", "pid": 1, "lock_path": "l", "started_at": NOW, "seen_at": NOW},
    "placements": {"bot_id": BOT, "shard": 0, "runner_id": BOT, "epoch": 1, "expires_at": NOW},
    "identify_budget": {"bot_id": BOT, "window_started_at": NOW, "used": 1},
}


def columns_of(engine: Engine) -> dict[str, dict[str, ReflectedColumn]]:
    with engine.connect() as connection:
        found = inspect(connection)
        return {
            table: {column["name"]: column for column in found.get_columns(table)}
            for table in table_names(engine)
        }


def test_processes_of_the_last_release_can_go_on_writing(empty_database: Database) -> None:
    engine = empty_database.engine
    schema.upgrade(engine, RELEASED)
    before = columns_of(engine)
    schema.upgrade(engine)
    after = columns_of(engine)
    for table, columns in before.items():
        assert set(columns) <= set(after[table])
        added = (after[table][name] for name in set(after[table]) - set(columns))
        assert [column["name"] for column in added if not column["nullable"] and not column["default"]] == []
    with engine.begin() as connection:
        for table, row in OLD_ROWS.items():
            values = ", ".join(f":{name}" for name in row)
            statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"  # noqa: S608 - our own names
            connection.execute(text(statement), row)

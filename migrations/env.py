"""Runs migrations: from `flask db …` on the application's engine, or on one handed over by db/schema.py."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine, text
from sqlalchemy.types import TypeDecorator

from socialcube.db.schema import comparison
from socialcube.db.session import WRITE
from socialcube.domain.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.autogenerate.api import AutogenContext

_LOCK_KEY = 0x5C1D_0002


def run() -> None:
    """Bring the database to the asked revision, in one transaction."""
    if context.is_offline_mode():
        message = "Social Cube migrates a running database only: partitions depend on the day."
        raise SystemExit(message)
    engine = _find_engine().execution_options(**WRITE)
    with engine.connect() as connection, _without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_item=_render_item,
            # True on SQLite too, since db/session.py begins transactions itself: all or nothing.
            transactional_ddl=True,
            **comparison(connection),
        )
        with context.begin_transaction():
            _wait_for_other_migrations(connection)
            context.run_migrations()


def _find_engine() -> Engine:
    engine = context.config.attributes.get("engine")
    return engine if isinstance(engine, Engine) else current_app.extensions["migrate"].db.engine


@contextmanager
def _without_foreign_keys(connection: Connection) -> "Iterator[None]":
    """Rebuilding a SQLite table drops it, and with foreign keys on that deletes the rows that refer to it.

    The pragma does nothing inside a transaction (sqlite.org/pragma.html#pragma_foreign_keys), so it goes
    to the driver before one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
        driver.close()


def _wait_for_other_migrations(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def _render_item(kind: str, item: object, _context: "AutogenContext") -> str | Literal[False]:
    """Write our own types as what they are in the database: a revision must not change with our code."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if item.__module__.startswith("sqlalchemy."):
        return False
    return f"sa.{item.impl_instance!r}"


run()

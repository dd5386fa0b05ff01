"""Which revision a database is at, which one this code needs, and the way between them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.schema import SchemaItem

from socialcube.db.errors import SchemaBehindError, SchemaTooNewError
from socialcube.db.partitions import ensure_partitions, is_partition
from socialcube.kernel.clock import SystemClock

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
_NOTHING: Final = "none"

LEAVING: Final = frozenset({("table", "identify_budget"), ("column", "placements.expires_at")})
"""What only the version before uses. It has no model, so that nothing here breaks when it goes."""


def upgrade(engine: Engine, revision: str = "head", *, days_ahead: int = 7) -> None:
    """Bring the database to a revision and make the log partitions of today and the days ahead."""
    command.upgrade(_config(engine), revision)
    ensure_partitions(engine, SystemClock().now().date(), days_ahead)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to a revision; `base` leaves no tables."""
    command.downgrade(_config(engine), revision)


def current_revision(engine: Engine) -> str | None:
    """Give the revision the database is at, None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """Give the revision that this code needs."""
    return str(_scripts().get_current_head())


def require_current(engine: Engine) -> None:
    """Refuse a database that this code does not fit.

    Raises:
        SchemaBehindError: it was never migrated, or an upgrade is due.
        SchemaTooNewError: a newer version has been here.
    """
    found, needed = current_revision(engine), head_revision()
    if found == needed:
        return
    if found is None or found in {script.revision for script in _scripts().walk_revisions()}:
        raise SchemaBehindError(found=found or _NOTHING, needed=needed)
    raise SchemaTooNewError(found=found)


def comparison(connection: Connection) -> dict[str, Any]:
    """Give Alembic's options for comparing models with a database.

    Partitions come and go by the day and are no drift, nor is what the version before still needs; a table
    that names a dialect exists only there.
    """
    dialect = connection.dialect.name

    def include_name(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
        whole = f"{parents.get('table_name')}.{name}" if kind == "column" else name
        if (kind, whole) in LEAVING:
            return False
        return kind != "table" or name is None or not is_partition(connection, name)

    def include_object(
        item: SchemaItem, _name: object, kind: str, _reflected: object, _other: object
    ) -> bool:
        return kind != "table" or item.info.get("dialect", dialect) == dialect

    return {
        "compare_type": True,
        "include_name": include_name,
        "include_object": include_object,
        "render_as_batch": dialect == "sqlite",
    }


def _config(engine: Engine) -> Config:
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))

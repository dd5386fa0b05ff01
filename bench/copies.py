"""Many bots out of one, by copying its rows: making each by hand takes longer than all that is measured."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select

from socialcube.domain import tables
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.world import tokens
from tests.support.installation import Installation

_COPIED: Final = ("bots", "bot_states", "commands", "command_versions")


def copy_bot(house: Installation, bot_id: UUID, external_ids: Iterable[int]) -> None:
    """Make bots that are wanted, publish and have synchronised what this one has.

    Args:
        house: where it lives.
        bot_id: our key of the bot.
        external_ids: the platform's ids of the new ones, each with a token of its own.
    """
    sealer = HPKETokenSealer([house.environment["TOKEN_SEALING_KEYS"]])
    with house.engine.begin() as connection:
        [bot] = _read(connection, "bots", "id", [bot_id])
        [state] = _read(connection, "bot_states", "bot_id", [bot_id])
        [command] = _read(connection, "commands", "bot_id", [bot_id])
        [version] = _read(connection, "command_versions", "command_id", [command["id"]])
        made: dict[str, list[dict[str, Any]]] = {name: [] for name in _COPIED}
        for external_id in external_ids:
            new_bot, new_command = new_id(), new_id()
            token = Secret(tokens.bot_token(external_id))
            sealed = sealer.seal(token, table="bots", column="sealed_token", row_id=new_bot)
            own = {"id": new_bot, "external_id": external_id, "name": f"Bot {external_id}"}
            made["bots"].append(bot | own | {"sealed_token": sealed})
            made["bot_states"].append(state | {"bot_id": new_bot})
            made["commands"].append(command | {"id": new_command, "bot_id": new_bot})
            made["command_versions"].append(version | {"id": new_id(), "command_id": new_command})
        for name, rows in made.items():
            connection.execute(insert(_table(name)), rows)


def _read(connection: Connection, name: str, column: str, keys: list[Any]) -> list[dict[str, Any]]:
    table = _table(name)
    found = connection.execute(select(table).where(table.c[column].in_(keys))).mappings()
    return [dict(row) for row in found]


def _table(name: str) -> Table:
    return tables.metadata.tables[name]

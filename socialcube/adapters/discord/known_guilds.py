"""The servers of a bot by id and name, also while py-cord's cache is empty: a resumed session fills none."""

from collections.abc import Mapping
from typing import Any


class KnownGuilds:
    """Keeps up with the servers of one connection.

    Args:
        names: of the servers as last stored, by the platform's id.
    """

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = dict(names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def ids(self) -> frozenset[int]:
        """Give the servers."""
        return frozenset(self._names)

    def name_of(self, guild_id: int | None) -> str:
        """Give a server's name, empty when it is not known."""
        return "" if guild_id is None else self._names.get(guild_id, "")

    def take(self, event: str, data: Any) -> None:
        """Take what an event says about servers. Only READY lists them all, and without their names.

        Raises:
            KeyError, TypeError, ValueError: the event is broken.
        """
        match event:
            case "READY":
                ids = [int(guild["id"]) for guild in data["guilds"]]
                self._names = {guild_id: self.name_of(guild_id) for guild_id in ids}
            case "GUILD_CREATE" | "GUILD_UPDATE":
                guild_id = int(data["id"])
                self._names[guild_id] = str(data.get("name") or self.name_of(guild_id))
            case "GUILD_DELETE" if not data.get("unavailable"):
                self._names.pop(int(data["id"]), None)

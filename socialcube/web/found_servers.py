"""The servers that a person manages, as Discord listed them when the person asked for it.

The list opens nothing: a bot is asked about each server that somebody opens.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from flask import session as browser

from socialcube.domain.bots.types import Platform
from socialcube.domain.guilds import queries
from socialcube.web.context import services

REMEMBERED: Final = timedelta(minutes=5)

_KEY: Final = "found_servers"
_MOST: Final = 50


def keep(external_ids: Iterable[int]) -> None:
    """Remember for this browser those of the servers in which a bot lets managers in, and no others."""
    found = queries.list_open_servers(services().session(), Platform.DISCORD, frozenset(external_ids))
    ids = [str(server.face.external_id) for server in found[:_MOST]]
    browser[_KEY] = {"at": services().shared.clock.now().isoformat(), "ids": ids}


def find() -> list[int] | None:
    """Find what Discord listed a moment ago, by the platform's ids. None when it was not asked."""
    kept: Any = browser.get(_KEY)
    if not isinstance(kept, dict):
        return None
    age = services().shared.clock.now() - datetime.fromisoformat(str(kept["at"]))
    return [int(text) for text in kept["ids"]] if age < REMEMBERED else None

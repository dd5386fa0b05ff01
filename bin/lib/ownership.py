"""Looks whether somebody owns the site, without starting the application."""

import sqlite3
from contextlib import closing
from typing import Final

from socialcube.kernel.settings import Settings

_SQLITE: Final = "sqlite:///"
_OWNERS: Final = (
    "SELECT count(*) FROM grants JOIN users ON users.id = grants.user_id "
    "WHERE grants.built_in = 'owner' AND grants.bot_id IS NULL AND NOT users.is_disabled"
)


def is_known_to_be_owned(settings: Settings) -> bool:
    """Tell whether the site has an owner. Of a server, or a file that cannot be read, nothing is known."""
    url = settings.database_url.reveal()
    if not url.startswith(_SQLITE):
        return False
    try:
        with closing(sqlite3.connect(f"file:{url.removeprefix(_SQLITE)}?mode=ro", uri=True)) as connection:
            (owners,) = connection.execute(_OWNERS).fetchone()
    except sqlite3.Error:
        return False
    return bool(owners)

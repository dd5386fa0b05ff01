"""Asks one question of the panel, and says what came back and what it left in the database."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask

from socialcube.web.auth.cookies import cookie_for
from socialcube.web.context import services_of
from tests.security.matrix.model import Row
from tests.security.matrix.normalise import normalise
from tests.support.signing_in import SignedIn, SignedInClient

_NOTES: Final = "tables_written_to"
_LEFT_OUT: Final = ("audit_", "stream_counters", "alembic_", "sqlite_", _NOTES)
"""Tables that a refusal may write to: it is noted who was refused."""

_UPKEEP: Final = {
    "users": {"last_seen_at"},
    "user_sessions": {"data", "last_seen_at", "expires_at"},
}
"""Columns that every page may write to."""

_REMEMBERED: Final = "what a session remembers"
"""It changes nothing that the matrix is about, and is taken back all the same."""

_TOO_SHORT: Final = 5
"""A shorter word may stand anywhere in a page."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came back.

    Attributes:
        text: the body.
        parts: status, headers, body, and what was said where it led; it is the same for the foreign and the
            absent once it is normalised.
        asked: what the request named.
    """

    status: int
    text: str
    location: str
    parts: tuple[str, ...]
    asked: tuple[str, ...]

    def essence(self) -> tuple[str, ...]:
        """Give the parts without what differs at every request."""
        return tuple(normalise(part, self.asked) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser shows of itself.

    Attributes:
        token: of its cookie.
        csrf: what its pages carry, signed.
        key: of the API, when it is a program.
    """

    token: str
    csrf: str
    key: str = ""


def ask(
    app: Flask, browser: Browser, row: Row, words: Mapping[str, str], thing: str, *, follow: bool
) -> Came:
    """Send the request of a row; `follow` reads where a refused form leads, too."""
    client, path = _client_of(app, browser), row.path(words, thing)
    headers = {
        "X-CSRFToken": browser.csrf,
        **({"Accept": "application/json"} if row.wants_json else {}),
        **({"Authorization": f"Bearer {browser.key}"} if browser.key else {}),
    }
    data = row.body(words) if row.method != "GET" else None
    came = client.open(path, method=row.method, data=data, headers=headers, buffered=True)
    said = "\n".join(sorted(f"{name}: {value}" for name, value in came.headers if name not in _OWN_LENGTH))
    parts = [str(came.status_code), said, came.text]
    if follow and came.status_code == _SEE_OTHER:
        parts.append(client.get(came.location).text)
    sent = f"{path} {data or ''}"
    asked = tuple(value for value in words.values() if len(value) >= _TOO_SHORT and value in sent)
    return Came(came.status_code, came.text, came.headers.get("Location", ""), tuple(parts), asked)


def browser_of(app: Flask, person: SignedIn) -> Browser:
    """Give the browser of somebody who is signed in."""
    return Browser(person.token.reveal(), _client(app).csrf_token())


def stranger_of(app: Flask) -> Browser:
    """Open a page that has a form, as somebody who is not signed in."""
    client = _client(app)
    page = client.get("/login/link/ABCD-EFGH-JKLM-NPQR").text
    cookie = client.get_cookie(cookie_for(services_of(app).shared.settings.web.public_url).name)
    csrf = re.search(r'name="csrf[-_]token"[^>]*(?:content|value)="([^"]+)"', page)
    assert cookie is not None
    assert csrf is not None
    return Browser(cookie.value, csrf[1])


def _client(app: Flask) -> SignedInClient:
    return SignedInClient(app, app.response_class, use_cookies=True)


def _client_of(app: Flask, browser: Browser) -> SignedInClient:
    client = _client(app)
    cookie = cookie_for(services_of(app).shared.settings.web.public_url)
    if browser.token:
        client.set_cookie(cookie.name, browser.token, domain="localhost", secure=cookie.is_secure)
    return client


_SEE_OTHER: Final = 303
_OWN_LENGTH: Final = frozenset({"Content-Length", "Set-Cookie", "RateLimit"})
"""Headers that differ whatever is asked for."""


class Snapshot:
    """The database as it was furnished, and ways to see a change of it and to go back.

    Args:
        path: of the SQLite file. It gets triggers that note which tables are written to.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._kept = sqlite3.connect(":memory:")
        self._connection.execute(f"CREATE TABLE {_NOTES} (name TEXT)")
        tables = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            if not name.startswith(_LEFT_OUT):
                self._watch(name)
        self.keep()

    def keep(self) -> None:
        """Take what is there now for how it should be."""
        self._connection.execute(f"DELETE FROM {_NOTES}")  # noqa: S608 - our own name
        self._connection.backup(self._kept)

    def changes(self) -> list[str]:
        """Name the tables that changed, and go back to how it was."""
        noted = {name for (name,) in self._connection.execute(f"SELECT DISTINCT name FROM {_NOTES}")}  # noqa: S608 - our own name
        if noted:
            self._kept.backup(self._connection)
        return sorted(noted - {_REMEMBERED})

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._kept.close()

    def _watch(self, table: str) -> None:
        columns = [row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")]
        kept = [name for name in columns if name not in _UPKEEP.get(table, ())]
        for event in ("INSERT", "DELETE", "UPDATE OF " + ", ".join(f'"{name}"' for name in kept)):
            self._connection.execute(
                f"CREATE TRIGGER {_NOTES}_{table}_{event[:6]} AFTER {event} ON {table}"  # noqa: S608 - our own names
                f" BEGIN INSERT INTO {_NOTES} VALUES ('{table}'); END"
            )
        if "data" in _UPKEEP.get(table, ()):
            # What a browser is shown at first may depend on what it chose before: the next row starts afresh.
            self._connection.execute(
                f"CREATE TRIGGER {_NOTES}_{table}_data AFTER UPDATE OF data ON {table}"  # noqa: S608 - our own names
                f" WHEN OLD.data IS NOT NEW.data BEGIN INSERT INTO {_NOTES} VALUES ('{_REMEMBERED}'); END"
            )


def path_of(app: Flask) -> Path:
    """Give the file of an application's database."""
    url = services_of(app).shared.settings.database_url.reveal()
    return Path(re.sub(r"^sqlite:///", "", url))

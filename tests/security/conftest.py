"""One furnished panel per file: starting an application costs more than asking it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

import config
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from socialcube.web.extensions import db
from tests.factories.settings import make_environ
from tests.support.migrated import migrated_url
from tests.support.routes import Door, list_doors
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.admin.conftest import House, furnish
from tests.unit.web.conftest import Site, make_site, template

__all__ = ["make_site", "template"]

HOST: Final = "panel.example"
PUBLIC_URL: Final = f"https://{HOST}"
CLIENT: Final = {"DISCORD_CLIENT_ID": "7", "DISCORD_CLIENT_SECRET": "client-secret"}


@dataclass(frozen=True)
class Panel:
    """A panel as the public reaches it: over https, under a name.

    Attributes:
        house: two bots with what belongs to them.
        doors: every address that it has.
    """

    house: House
    doors: list[Door]

    @property
    def site(self) -> Site:
        """Give the application and its fakes."""
        return self.house.site

    def visit(self, name: str = "Mara", **options: Any) -> SignedInClient:
        """Sign somebody in, an owner if nothing else is said."""
        client = sign_in(self.site.app, name=name, **options)
        token = client.person.token.reveal()
        client.set_cookie("__Host-sc", token, domain=HOST, secure=True)
        return client

    def path(self, door: Door) -> str:
        """Give the address of something that is there, as far as the address says what."""
        own = self.house.own
        values = {
            "bot_id": str(own.bot_id),
            "guild_id": str(own.guild_id),
            "command_id": str(own.command_id),
            "command": "hello0",
            "name": "hello0",
        }
        known = {name: value for name, value in values.items() if _takes(door, name, value)}
        return door.path(known)


def ask(client: SignedInClient, path: str, method: str = "GET", **options: Any) -> TestResponse:
    """Ask for an address of the panel over https, from one of its own pages unless said otherwise."""
    options["headers"] = {"Referer": f"{PUBLIC_URL}/admin/"} | dict(options.get("headers") or {})
    return client.open(path, method=method, base_url=PUBLIC_URL, buffered=True, **options)


def _takes(door: Door, name: str, value: str) -> bool:
    converter = door.rule._converters.get(name)
    if converter is None:
        return False
    return type(converter).__name__ != "UUIDConverter" or value.count("-") == 4


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("panel")
    url = migrated_url(folder / "panel.db")
    environ = make_environ(
        DATABASE_URL=url, VAR_DIR=str(folder / "var"), PUBLIC_URL=PUBLIC_URL, TRUSTED_PROXIES="1", **CLIENT
    )
    app = create_app(config.load_settings(environ))
    yield Panel(furnish(Site(app)), list_doors(app))
    with app.app_context():
        db.engine.dispose()
    services_of(app).close()

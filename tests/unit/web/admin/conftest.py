from dataclasses import dataclass
from uuid import UUID

import pytest

from socialcube.domain.access.types import BOT_PERMISSIONS, Actor
from socialcube.domain.guilds import service as guilds
from socialcube.kernel.ids import new_id
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.guilds import make_guild
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

HOSTILE = "<script>alert(1)</script> \"a\" 'b' {{ 7*7 }}"


@dataclass(frozen=True)
class Things:
    """What belongs to one bot."""

    bot_id: UUID
    guild_id: UUID
    command_id: UUID

    @property
    def place(self) -> str:
        return f"{self.bot_id},{self.guild_id}"


@dataclass(frozen=True)
class House:
    """A site with two bots. Somebody holds everything on the one, and nothing on the other.

    Attributes:
        owner: who holds everything everywhere.
        keeper: who holds everything on `own` alone.
    """

    site: Site
    own: Things
    foreign: Things
    owner: SignedInClient
    keeper: SignedInClient


@pytest.fixture
def house(site: Site) -> House:
    return furnish(site)


def furnish(site: Site) -> House:
    """Store two bots with what belongs to them, and sign two people in."""
    own, foreign = (_store(site, name, number) for number, name in enumerate(("Own bot", "Foreign bot")))
    owner = sign_in(site.app)
    keeper = sign_in(site.app, name="Kim", role=None, permissions=BOT_PERMISSIONS, bots=[own.bot_id])
    return House(site, own, foreign, owner, keeper)


def _store(site: Site, name: str, number: int) -> Things:
    with site.unit() as uow:
        bot = make_bot(uow.session, name=name, description=f"All about {name}", state={"guild_count": number})
        snapshot = make_guild(external_id=900 + number, name=f"Server of {name}")
        guild_id = guilds.sync_guild(uow, bot.id, "discord", snapshot)
        command = store_command(uow.session, bot.id, f"hello{number}")
        uow.commit()
        return Things(bot.id, guild_id, command.id)


def system() -> Actor:
    return Actor.system(f"tests {new_id()}")

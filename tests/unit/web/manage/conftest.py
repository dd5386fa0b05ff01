from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState
from socialcube.domain.guilds import service
from socialcube.domain.guilds.types import FieldKind
from socialcube.domain.placements import service as placements
from tests.factories.bots import make_bot
from tests.factories.guilds import make_channel, make_field, make_guild, make_role
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

TESTS = Actor.system("tests")
GARDEN, HARBOR, ABSENT = 31, 32, 99
NEWS, DECK = 41, 42
ANN = 1001


@dataclass
class Place:
    """A server with a bot that lets its managers in, and a neighbour that nobody here manages.

    Attributes:
        site: the application.
        client: the browser of somebody without any role.
        bot_id: the open bot of the garden; it is online.
        guild_id: our key of the garden.
        runner_id: holds the bot.
    """

    site: Site
    client: SignedInClient
    bot_id: UUID
    guild_id: UUID
    runner_id: UUID

    @property
    def url(self) -> str:
        return f"/manage/{GARDEN}/{self.bot_id}/"

    def note(
        self, *, manages: bool = True, age: float = 0.0, person: int = ANN, server: int = GARDEN
    ) -> None:
        """Let Discord have said something, as the bot's runner stores it."""
        with self.site.unit() as uow:
            moment = uow.session.scalar(select(now_plus(-age)))
            assert isinstance(moment, datetime)
            service.note_manager_check(uow, "discord", server, person, is_manager=manages, checked_at=moment)
            uow.commit()

    def open_up(self, bot_id: UUID | None = None, *, is_open: bool = True, commands: bool = False) -> None:
        with self.site.unit() as uow:
            service.set_manager_rules(
                uow, TESTS, bot_id or self.bot_id, is_open=is_open, may_switch_commands=commands
            )
            uow.commit()

    def add_bot(self, name: str, server: int = GARDEN, **state: Any) -> UUID:
        with self.site.unit() as uow:
            bot_id = store_bot(uow, name, server, state)
            uow.commit()
        return bot_id


def store_bot(uow: UnitOfWork, name: str, server: int, state: dict[str, Any]) -> UUID:
    bot = make_bot(uow.session, name=name, desired_state=DesiredState.RUNNING, state=state)
    channels = {GARDEN: make_channel(external_id=NEWS, name="news")}
    snapshot = make_guild(
        external_id=server,
        name="Garden" if server == GARDEN else "Harbor",
        channels=(channels.get(server) or make_channel(external_id=DECK, name="deck"),),
        roles=(make_role(external_id=server * 10, name=f"helper of {server}"),),
    )
    service.sync_guild(uow, bot.id, "discord", snapshot)
    return bot.id


@pytest.fixture
def place(site: Site) -> Place:
    client = sign_in(site.app, name="Ann", role=None, external_id=ANN)
    with site.unit() as uow:
        runner_id = placements.register_runner(uow, host="eu-1", pid=7, lock_path="/nowhere/lock")
        online = {
            "process": ProcessState.RUNNING,
            "gateway": GatewayState.CONNECTED,
            "runner_id": runner_id,
        }
        bot_id = store_bot(uow, "Fern", GARDEN, online)
        guild_id = service.sync_guild(
            uow,
            bot_id,
            "discord",
            make_guild(
                external_id=GARDEN,
                name="Garden",
                channels=(make_channel(external_id=NEWS, name="news"),),
                roles=(make_role(external_id=310, name="helper"),),
            ),
        )
        neighbour = store_bot(uow, "Moss", HARBOR, online)
        for one in (bot_id, neighbour):
            service.set_manager_rules(uow, TESTS, one, is_open=True, may_switch_commands=False)
        fields = [make_field(required=True), make_field(FieldKind.CHANNEL, key="where")]
        service.define_fields(uow, TESTS, bot_id, version=0, fields=fields)
        uow.commit()
    return Place(site, client, bot_id, guild_id, runner_id)

from uuid import UUID

import pytest

from socialcube.domain.access.types import Actor
from socialcube.domain.bots import service
from socialcube.domain.commands import documents
from socialcube.domain.commands import service as commands
from socialcube.kernel.secrets import Secret
from socialcube.web.cli import waiting
from tests.factories.bots import make_identity
from tests.fakes.sealing import FakeSealer
from tests.unit.web.conftest import Site

HELLO = """
schema: 1
name: hello
description: Says hello
steps:
  - {id: greet, type: reply, params: {text: "Hello {{ user.name }}"}}
"""
ACTOR = Actor.system("tests")


@pytest.fixture(autouse=True)
def turning_clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let waiting turn the clock instead of the test."""
    monkeypatch.setattr(waiting, "sleep", site.clock.advance)


def add_bot(site: Site, name: str = "Fern", *, external_id: int = 77) -> UUID:
    """Store a bot whose token ends with 1234."""
    identity = make_identity(name=name, external_id=external_id)
    with site.unit() as uow:
        bot_id = service.create_bot(uow, ACTOR, FakeSealer(), identity=identity, token=Secret("token-1234"))
        uow.commit()
    return bot_id


def add_command(site: Site, bot_id: UUID, *, publish: bool = False, source: str = HELLO) -> None:
    """Store a command's draft."""
    with site.unit() as uow:
        found = documents.parse_yaml(source)
        commands.import_commands(uow, ACTOR, bot_id, found)
        if publish:
            commands.publish(uow, ACTOR, bot_id, found[0].name)
        uow.commit()

from uuid import UUID

import pytest
from sqlalchemy import Engine, update

from socialcube.db.session import write_sessions
from socialcube.domain.bot_secrets.errors import OtherHostError, SecretNotFoundError
from socialcube.domain.bot_secrets.models import BotSecret
from socialcube.domain.bot_secrets.ports import SecretStore
from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.fleet.bot_secrets import SealedSecrets
from tests.factories.bot_secrets import store_secret
from tests.factories.bots import make_bot
from tests.fakes.bridge import DirectBridge
from tests.fakes.sealing import FakeOpener, FakeSealer

HOST = "api.example.com"


@pytest.fixture
def store(bridge: DirectBridge) -> SecretStore:
    return SealedSecrets(bridge, FakeOpener())


@pytest.fixture
def bot_id(engine: Engine) -> UUID:
    with write_sessions(engine)() as session:
        bot, neighbour = make_bot(session), make_bot(session)
        store_secret(session, FakeSealer(), bot.id, "key", value="mine", host=HOST)
        store_secret(session, FakeSealer("lost"), bot.id, "lost", host=HOST)
        store_secret(session, FakeSealer(), neighbour.id, "key", value="theirs", host=HOST)
        session.commit()
        return bot.id


@pytest.mark.parametrize("host", [HOST, "API.Example.com", "api.example.com."])
async def test_a_secret_opens_for_its_own_host(store: SecretStore, bot_id: UUID, host: str) -> None:
    assert (await store.get(bot_id, "key", host=host)).reveal() == "mine"


@pytest.mark.parametrize(
    "host", ["example.com", "evil.example.com", "api.example.com.evil.net", "", "127.0.0.1"]
)
async def test_it_opens_for_no_other_host(store: SecretStore, bot_id: UUID, host: str) -> None:
    with pytest.raises(OtherHostError, match=r"may be sent to api\.example\.com only"):
        await store.get(bot_id, "key", host=host)


async def test_a_host_that_was_changed_in_the_database_gets_nothing(
    store: SecretStore, bot_id: UUID, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(update(BotSecret).values(host="evil.example"))
    with pytest.raises(TokenUnreadableError):
        await store.get(bot_id, "key", host="evil.example")


async def test_one_that_is_not_there_or_does_not_open_is_refused(store: SecretStore, bot_id: UUID) -> None:
    with pytest.raises(SecretNotFoundError):
        await store.get(bot_id, "other", host=HOST)
    with pytest.raises(TokenUnreadableError):
        await store.get(bot_id, "lost", host=HOST)

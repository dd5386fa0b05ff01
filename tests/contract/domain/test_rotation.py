"""Keys change under stored tokens, with the real sealing, on both databases."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import update

from socialcube.domain.bot_secrets.models import BotSecret
from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.domain.bots.types import SealedCell
from socialcube.domain.key_rotation import queries, service
from socialcube.domain.key_rotation.errors import KeyNotHeldError
from socialcube.infra.token_opener import HPKETokenOpener
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.secrets import Secret
from tests.factories.bot_secrets import store_secret
from tests.factories.bots import make_bot
from tests.support.databases import Database

BOTS = 6


def key_pair(key_id: str) -> tuple[str, Secret]:
    """Give both halves of a pair."""
    private = X25519PrivateKey.generate()
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    return f"{key_id}:{public}", Secret(f"{key_id}:{base64.b64encode(private.private_bytes_raw()).decode()}")


(OLD_PUBLIC, OLD), (NEW_PUBLIC, NEW) = key_pair("old"), key_pair("new")
OLD_SEALER, SEALER = HPKETokenSealer([OLD_PUBLIC]), HPKETokenSealer([NEW_PUBLIC, OLD_PUBLIC])


@pytest.fixture(autouse=True)
def stored(database: Database) -> None:
    """Store bots with tokens, and one secret, sealed to the old key."""
    with database.unit() as uow:
        for number in range(BOTS):
            bot = make_bot(uow.session)
            place = {"table": "bots", "column": "sealed_token"}
            bot.sealed_token = OLD_SEALER.seal(Secret(f"token {number}"), **place, row_id=bot.id)
        store_secret(uow.session, OLD_SEALER, bot.id, "key", value="secret value")
        uow.commit()


def read(database: Database) -> list[SealedCell]:
    with database.reads() as session:
        return queries.list_sealed(session)


def open_all(database: Database, *keys: Secret) -> set[str]:
    opener = HPKETokenOpener(keys)
    return {
        opener.open(
            cell.sealed, table=cell.table, column=cell.column, row_id=cell.row_id, context=cell.context
        ).reveal()
        for cell in read(database)
    }


EVERYTHING = {*(f"token {number}" for number in range(BOTS)), "secret value"}


def test_a_rotation_that_stops_anywhere_leaves_every_value_readable_and_goes_on(database: Database) -> None:
    opener = HPKETokenOpener([NEW, OLD])
    service.require_key_held(opener, SEALER)
    with database.unit() as uow:
        assert service.reseal(uow, opener, SEALER, queries.list_stale(uow.session, SEALER)[:3]).done == 3
        # It dies before its commit: nothing of this step stands.
    assert open_all(database, OLD) == EVERYTHING
    with database.unit() as uow:
        service.reseal(uow, opener, SEALER, queries.list_stale(uow.session, SEALER)[:3])
        uow.commit()
    assert open_all(database, NEW, OLD) == EVERYTHING
    with database.unit() as uow:
        stale = queries.list_stale(uow.session, SEALER)
        assert service.reseal(uow, opener, SEALER, stale).done == len(stale) == BOTS + 1 - 3
        uow.commit()
    assert open_all(database, NEW) == EVERYTHING
    with pytest.raises(TokenUnreadableError):
        open_all(database, OLD)


@pytest.mark.parametrize("column", ["host", "name", "bot_id"])
def test_a_secret_whose_row_was_altered_in_the_database_opens_no_more(
    database: Database, column: str
) -> None:
    secrets = [cell.row_id for cell in read(database) if cell.table == "bot_secrets"]
    with database.unit() as uow:
        elsewhere = make_bot(uow.session, sealed_token=None).id
        uow.session.execute(
            update(BotSecret).values({column: elsewhere if column == "bot_id" else "evil.example"})
        )
        uow.commit()
    opener = HPKETokenOpener([NEW, OLD])
    with pytest.raises(TokenUnreadableError, match="another place"):
        open_all(database, NEW, OLD)
    # Sealing it anew to another key makes it no better.
    with database.unit() as uow:
        done = service.reseal(uow, opener, SEALER, queries.list_stale(uow.session, SEALER))
        uow.commit()
    assert [cell.row_id for cell in done.unreadable] == secrets


def test_a_key_whose_halves_do_not_belong_together_is_refused_before_anything_changes(
    database: Database,
) -> None:
    _, stranger = key_pair("new")
    with pytest.raises(KeyNotHeldError):
        service.require_key_held(HPKETokenOpener([stranger, OLD]), SEALER)
    cells = read(database)
    with pytest.raises(KeyNotHeldError), database.unit() as uow:
        service.reseal(uow, HPKETokenOpener([stranger, OLD]), SEALER, cells)
    assert read(database) == cells

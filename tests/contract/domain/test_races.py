from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import func, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.api_keys.errors import TooManyKeysError
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bot_secrets import queries as secrets
from socialcube.domain.bot_secrets import service as secret_service
from socialcube.domain.bot_secrets.errors import TooManySecretsError
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.errors import BotChangedError, DuplicateBotError
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.commands import queries as commands
from socialcube.domain.commands import service as command_service
from socialcube.domain.commands.errors import CommandChangedError
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds import service as guild_service
from socialcube.domain.guilds.models import Guild
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.domain.site.errors import OtherOriginError
from socialcube.domain.site.service import claim_origin
from socialcube.kernel.secrets import Secret
from tests.contract.domain.conftest import Race
from tests.factories.accounts import make_user
from tests.factories.api_keys import make_api_key
from tests.factories.bots import make_bot, make_identity, make_observation
from tests.factories.commands import make_document
from tests.factories.guilds import make_channel, make_guild, make_role
from tests.fakes.sealing import FakeSealer
from tests.support.databases import Database

AT_ONCE = range(6)


def kinds(results: Sequence[object]) -> Counter[type]:
    return Counter(type(result) for result in results)


def test_asvs_2_3_4_fifty_starts_at_once_are_one_start(
    race: Race, database: Database, owner: Actor, bot_id: UUID
) -> None:
    results = race(
        range(50), lambda uow, _: bot_service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    )
    assert results == [None] * 50
    with database.reads() as session:
        assert bots.get_bot(session, bot_id).generation == 2
        assert [entry.action for entry in list_recent(session)] == ["bot.start"]


def test_two_edits_of_one_version_are_one_edit(race: Race, owner: Actor, bot_id: UUID) -> None:
    def edit(uow: UnitOfWork, name: str) -> None:
        bot_service.edit_bot(uow, owner, bot_id, version=1, name=name, description="")

    assert kinds(race(["One", "Two"], edit)) == {type(None): 1, BotChangedError: 1}


def test_one_bot_created_many_times_at_once_is_one_bot(race: Race, database: Database, owner: Actor) -> None:
    identity, sealer, token = make_identity(name="Fern"), FakeSealer(), Secret("token")
    results = race(
        AT_ONCE,
        lambda uow, _: bot_service.create_bot(uow, owner, sealer, identity=identity, token=token),
    )
    assert kinds(results) == {UUID: 1, DuplicateBotError: len(AT_ONCE) - 1}
    assert all("Fern" in result.message for result in results if isinstance(result, DuplicateBotError))
    with database.reads() as session:
        assert [bot.name for bot in bots.list_bots(session)] == ["Fern"]


def test_the_newest_epoch_wins_in_whatever_order_runners_write(
    race: Race, database: Database, bot_id: UUID
) -> None:
    def write(uow: UnitOfWork, epoch: int) -> None:
        bot_service.observe(uow, make_observation(bot_id=bot_id, epoch=epoch, sentence=f"From {epoch}"))

    race(AT_ONCE, write)
    with database.reads() as session:
        assert bots.get_bot(session, bot_id).state.sentence == f"From {AT_ONCE[-1]}"


def test_one_job_is_claimed_once(race: Race, database: Database, owner: Actor) -> None:
    with database.unit() as uow:
        job_id = job_service.ask(uow, owner, JobKind.DRY_RUN, {})
        uow.commit()
    results = race(AT_ONCE, lambda uow, number: job_service.claim(uow, job_id, str(number)))
    assert kinds(results) == {JobView: 1, type(None): len(AT_ONCE) - 1}
    with database.reads() as session:
        assert jobs.get_job(session, job_id).attempts == 1


def test_many_bots_that_see_one_server_at_once_store_one(race: Race, database: Database) -> None:
    with database.unit() as uow:
        bot_ids = [make_bot(uow.session).id for _ in AT_ONCE]
        uow.commit()
    channels = tuple(make_channel() for _ in range(20))
    roles = tuple(make_role() for _ in range(20))

    def see(uow: UnitOfWork, number: int) -> UUID:
        # Every other bot is told of them in another order: that is where deadlocks would come from.
        step = -1 if number % 2 else 1
        seen = make_guild(external_id=31, channels=channels[::step], roles=roles[::step])
        return guild_service.sync_guild(uow, bot_ids[number], "discord", seen)

    results = race(AT_ONCE, see)
    assert len(set(results)) == 1
    with database.reads() as session:
        assert session.scalar(select(func.count()).select_from(Guild)) == 1
        assert all(len(guilds.list_guilds_of_bot(session, bot_id)) == 1 for bot_id in bot_ids)
        guild_id = guilds.get_guild_id(session, "discord", 31)
        assert len(guilds.list_channels(session, guild_id)) == 20


def test_a_draft_published_many_times_at_once_is_one_version(
    race: Race, database: Database, owner: Actor, bot_id: UUID
) -> None:
    with database.unit() as uow:
        command_service.import_commands(uow, owner, bot_id, [make_document()])
        uow.commit()
    results = race(AT_ONCE, lambda uow, _: command_service.publish(uow, owner, bot_id, "hello"))
    assert results == [1 for _ in AT_ONCE]
    with database.reads() as session:
        assert len(commands.list_versions(session, bot_id, "hello")) == 1


def test_two_who_save_one_draft_are_told_apart(
    race: Race, database: Database, owner: Actor, bot_id: UUID
) -> None:
    with database.unit() as uow:
        command_service.import_commands(uow, owner, bot_id, [make_document()])
        uow.commit()

    def save(uow: UnitOfWork, text: str) -> None:
        command_service.save_draft(uow, owner, bot_id, "hello", make_document(description=text), edit=1)

    assert kinds(race(["One", "Two"], save)) == {type(None): 1, CommandChangedError: 1}


def test_a_fresh_database_goes_to_one_origin(race: Race) -> None:
    origins = ["https://discord.com", "http://127.0.0.1:9000"] * 3
    assert kinds(race(origins, claim_origin)) == {type(None): 3, OtherOriginError: 3}


def test_a_secret_that_is_set_for_the_first_time_many_times_at_once_is_one_secret(
    race: Race, database: Database, owner: Actor, bot_id: UUID
) -> None:
    def put(uow: UnitOfWork, number: int) -> UUID:
        host, value = f"h{number}.example.com", Secret(f"value {number}")
        return secret_service.set_secret(uow, FakeSealer(), owner, bot_id, name="key", host=host, value=value)

    assert kinds(race(AT_ONCE, put)) == {UUID: len(AT_ONCE)}
    with database.reads() as session:
        assert len(secrets.list_secrets(session, bot_id)) == 1


def test_secrets_that_are_set_at_once_keep_to_the_limit_together(
    race: Race, owner: Actor, bot_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.domain.bot_secrets.service.MAX_SECRETS", 2)

    def put(uow: UnitOfWork, number: int) -> UUID:
        return secret_service.set_secret(
            uow, FakeSealer(), owner, bot_id, name=f"key_{number}", host="a.example.com", value=Secret("x")
        )

    assert kinds(race(AT_ONCE, put)) == {UUID: 2, TooManySecretsError: len(AT_ONCE) - 2}


def test_keys_that_are_made_at_once_keep_to_the_limit_together(
    race: Race, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.domain.api_keys.service.keys.MAX_KEYS_OF_ONE", 2)
    with database.unit() as uow:
        person = make_user(uow, "mara", role=BuiltInRole.OWNER).id
        uow.commit()
    results = race(AT_ONCE, lambda uow, _: make_api_key(uow, person)[1])
    assert kinds(results) == {str: 2, TooManyKeysError: len(AT_ONCE) - 2}

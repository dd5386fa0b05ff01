"""The life of a bot and its command, step by step, on both databases."""

from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import DesiredState, Reason
from socialcube.domain.commands import queries as commands
from socialcube.domain.commands import service as command_service
from socialcube.domain.commands.types import Registration
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds import service as guild_service
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.domain.site.queries import find_origin
from socialcube.domain.site.service import claim_origin
from socialcube.kernel.secrets import Secret
from tests.factories.bots import make_identity, make_observation
from tests.factories.commands import make_desired, make_document, make_raw_option
from tests.factories.guilds import make_channel, make_guild, make_role
from tests.factories.jobs import from_now, make_job
from tests.fakes.sealing import FakeSealer

LARGEST_ID = (1 << 63) - 1


def test_a_bot_is_created_started_held_started_again_and_deleted(uow: UnitOfWork, owner: Actor) -> None:
    identity = make_identity(external_id=LARGEST_ID)
    bot_id = bot_service.create_bot(uow, owner, FakeSealer(), identity=identity, token=Secret("token"))
    bot_service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    uow.commit()
    (wanted,) = bots.list_wanted(uow.session)
    assert bot_service.observe(uow, make_observation(bot_id=bot_id, epoch=LARGEST_ID))
    assert bot_service.hold(
        uow, bot_id, wanted.generation, reason=Reason.TOKEN_INVALID, sentence="Refused.", epoch=LARGEST_ID
    )
    assert bot_service.observe(uow, make_observation(bot_id=bot_id, epoch=LARGEST_ID, guild_count=3))
    uow.commit()
    state = bots.get_bot(uow.session, bot_id).state
    assert (state.is_held, state.sentence, state.guild_count) == (True, "Refused.", 3)
    assert bots.list_wanted(uow.session) == []
    bot_service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    assert [item.bot_id for item in bots.list_wanted(uow.session)] == [bot_id]
    bot_service.delete_bot(uow, owner, bot_id)
    uow.commit()
    assert bots.list_bots(uow.session) == []
    assert bot_service.create_bot(uow, owner, FakeSealer(), identity=identity, token=Secret("new")) == bot_id
    uow.commit()


def test_a_command_is_drafted_published_changed_and_taken_back(
    uow: UnitOfWork, owner: Actor, bot_id: UUID
) -> None:
    guild_service.sync_guild(uow, bot_id, "discord", make_guild(external_id=LARGEST_ID))
    for wanted in (("a", "b"), ("b", "c", "a"), ()):
        options = [make_raw_option(name=name) for name in wanted]
        document = make_document(name="hello", options=options, nsfw=bool(wanted))
        command_service.import_commands(uow, owner, bot_id, [document])
        command_service.publish(uow, owner, bot_id, "hello", guild_id=LARGEST_ID)
        uow.commit()
        (live,) = commands.list_published(uow.session, bot_id)
        assert [option["name"] for option in live.document.get("options", [])] == list(wanted)
        assert commands.get_draft(uow.session, bot_id, "hello").document == document.to_json()
    command_service.roll_back(uow, owner, bot_id, "hello", 1)
    command_service.set_active(uow, owner, bot_id, "hello", active=False)
    uow.commit()
    assert commands.get_command(uow.session, bot_id, "hello").has_draft
    command_service.delete_command(uow, owner, bot_id, "hello")
    uow.commit()
    assert commands.list_commands(uow.session, bot_id) == []


def test_what_we_made_is_noted_with_its_intents(uow: UnitOfWork, bot_id: UUID) -> None:
    made = Registration(LARGEST_ID, None, "hello", "a" * 64)
    command_service.record_intents(uow, bot_id, [make_desired("roll"), make_desired("dice")])
    uow.commit()
    assert len(commands.list_registrations(uow.session, bot_id)) == 2
    command_service.record_registrations(uow, bot_id, [made])
    uow.commit()
    assert commands.list_registrations(uow.session, bot_id) == [made]


def test_a_server_is_joined_changed_and_left(uow: UnitOfWork, bot_id: UUID) -> None:
    channel, role = make_channel(external_id=LARGEST_ID), make_role(permissions=LARGEST_ID)
    snapshot = make_guild(external_id=LARGEST_ID, name="Garten 🌱", channels=(channel,), roles=(role,))
    guild_id = guild_service.sync_guild(uow, bot_id, "discord", snapshot)
    uow.commit()
    assert guild_service.sync_guild(uow, bot_id, "discord", make_guild(external_id=LARGEST_ID)) == guild_id
    assert guilds.list_channels(uow.session, guild_id) == []
    assert guild_service.sync_membership(uow, bot_id, "discord", []) == 1
    uow.commit()
    assert guilds.list_guilds_of_bot(uow.session, bot_id) == []


def test_a_question_is_asked_claimed_and_answered(uow: UnitOfWork, owner: Actor) -> None:
    job_id = job_service.ask(uow, owner, JobKind.DRY_RUN, {"text": "\0\ud800ü🌱"})
    uow.commit()
    assert job_service.claim(uow, job_id, "me")
    assert job_service.report_progress(uow, job_id, "me", 50)
    assert job_service.finish(uow, job_id, "me", {"text": "\0\ud800"})
    uow.commit()
    job = jobs.get_job(uow.session, job_id)
    assert (job.state, job.payload, job.result) == (
        JobState.DONE,
        {"text": "\ufffd\ufffdü🌱"},
        {"text": "\ufffd\ufffd"},
    )


def test_time_is_the_databases(uow: UnitOfWork) -> None:
    overdue = make_job(uow.session, expires_at=from_now(-5)).id
    waiting = make_job(uow.session, created_at=from_now(-60)).id
    stale = {"state": JobState.RUNNING, "claimed_by": "old", "attempts": 1}
    free_again = make_job(uow.session, **stale, claim_expires_at=from_now(-5)).id
    uow.commit()
    assert {job.id for job in jobs.list_unsent(uow.session, 30)} == {waiting, free_again}
    assert job_service.expire_overdue(uow) == 1
    assert jobs.get_job(uow.session, overdue).state is JobState.EXPIRED
    assert job_service.claim(uow, free_again, "new")
    ended = make_job(uow.session, state=JobState.DONE, finished_at=from_now(-31 * 86_400)).id
    assert job_service.delete_ended(uow) == 1
    assert jobs.find_job(uow.session, ended) is None


@pytest.mark.parametrize("origin", ["https://discord.com", "http://127.0.0.1:9000"])
def test_an_origin_is_kept(uow: UnitOfWork, origin: str) -> None:
    claim_origin(uow, origin)
    uow.commit()
    assert find_origin(uow.session) == origin

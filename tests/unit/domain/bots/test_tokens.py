from uuid import UUID

import pytest
from sqlalchemy import update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import LeakedTokenError, TokenMissingError
from socialcube.domain.bots.events import BotDesiredStateChanged, BotObserved
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.policy import describe, fingerprint_of
from socialcube.domain.bots.types import BulkAction, DesiredState, Reason, SealedCell
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.secrets import Secret
from tests.factories.access import make_actor
from tests.factories.bots import make_bot, make_identity, make_observation
from tests.fakes.events import Published
from tests.fakes.sealing import FakeSealer

pytestmark = pytest.mark.usefixtures("noise")
TOKEN = Secret("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs")
OTHER = Secret("MTk4NjIyNDgzNDcxOTI1MjQ4.DDDDDD.AnotherTokenThatNobodyGuesses")
SEALER = FakeSealer()


@pytest.fixture
def running(uow: UnitOfWork, owner: Actor) -> UUID:
    """Give a bot with a real token that should run."""
    bot_id = service.create_bot(uow, owner, SEALER, identity=make_identity(external_id=77), token=TOKEN)
    service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    uow.commit()
    return bot_id


def forget_fingerprint(uow: UnitOfWork, bot_id: UUID) -> None:
    """Leave the row as an old release wrote it."""
    uow.session.execute(update(Bot).where(Bot.id == bot_id).values(token_fingerprint=""))
    uow.session.expire_all()


def replace(uow: UnitOfWork, actor: Actor, bot_id: UUID, token: Secret) -> None:
    identity = make_identity(external_id=77)
    service.replace_token(uow, actor, SEALER, bot_id, identity=identity, token=token)


def test_a_reported_token_is_destroyed_and_the_bot_held(
    uow: UnitOfWork, owner: Actor, running: UUID, published: Published
) -> None:
    published.events.clear()
    service.report_leak(uow, owner, running)
    uow.commit()
    bot = queries.get_bot(uow.session, running)
    assert (bot.has_token, bot.token_last4, bot.token_fingerprint) == (False, "", "")
    assert bot.desired_state is DesiredState.STOPPED
    assert running not in {wanted.bot_id for wanted in queries.list_wanted(uow.session)}
    assert (bot.state.is_held, bot.state.reason) == (True, Reason.TOKEN_LEAKED)
    words = describe(bot.desired_state, bot.state)
    assert words.word == "Needs you"
    assert "leaked" in words.sentence
    assert "developer portal" in words.remedy
    assert published.events == [BotDesiredStateChanged(running), BotObserved(running)]
    assert "bot.panic" in {entry.action for entry in list_recent(uow.session)}


def test_what_its_runner_sees_while_leaving_does_not_hide_the_leak(
    uow: UnitOfWork, owner: Actor, running: UUID
) -> None:
    service.report_leak(uow, owner, running)
    assert service.observe(uow, make_observation(bot_id=running, epoch=9, sentence="Bye."))
    state = queries.get_bot(uow.session, running).state
    assert (state.is_held, state.reason, state.sentence) == (True, Reason.TOKEN_LEAKED, "")


def test_without_a_token_nothing_starts_it(uow: UnitOfWork, owner: Actor, running: UUID) -> None:
    service.report_leak(uow, owner, running)
    with pytest.raises(TokenMissingError, match="has no token"):
        service.set_desired_state(uow, owner, running, DesiredState.RUNNING)
    with pytest.raises(TokenMissingError):
        service.restart_bot(uow, owner, running)
    outcome = service.change_bots(uow, owner, [running], BulkAction.START)
    assert list(outcome.refused) == [running]
    service.set_desired_state(uow, owner, running, DesiredState.STOPPED)


def test_the_reported_token_is_never_taken_again_and_another_one_is(
    uow: UnitOfWork, owner: Actor, running: UUID
) -> None:
    service.report_leak(uow, owner, running)
    with pytest.raises(LeakedTokenError):
        replace(uow, owner, running, TOKEN)
    replace(uow, owner, running, OTHER)
    bot = queries.get_bot(uow.session, running)
    assert not bot.state.is_held
    assert bot.token_fingerprint == fingerprint_of(OTHER)
    service.set_desired_state(uow, owner, running, DesiredState.RUNNING)
    assert running in {wanted.bot_id for wanted in queries.list_wanted(uow.session)}


def test_the_reported_token_does_not_come_back_by_deleting_the_bot(
    uow: UnitOfWork, owner: Actor, running: UUID
) -> None:
    service.report_leak(uow, owner, running)
    service.delete_bot(uow, owner, running)
    with pytest.raises(LeakedTokenError):
        service.create_bot(uow, owner, SEALER, identity=make_identity(external_id=77), token=TOKEN)


def test_the_reported_token_does_not_come_back_by_beginning_afresh(
    uow: UnitOfWork, owner: Actor, running: UUID
) -> None:
    def begin(token: Secret) -> UUID:
        identity = make_identity(external_id=77)
        return service.create_bot(uow, owner, SEALER, identity=identity, token=token, afresh=True)

    service.report_leak(uow, owner, running)
    service.delete_bot(uow, owner, running)
    with pytest.raises(LeakedTokenError):
        begin(TOKEN)
    assert queries.is_deleted(uow.session, running)
    # It is remembered under the new key as well.
    service.delete_bot(uow, owner, begin(OTHER))
    with pytest.raises(LeakedTokenError):
        begin(TOKEN)


def test_a_reported_token_of_which_no_fingerprint_was_taken_is_known_by_its_end(
    uow: UnitOfWork, owner: Actor, running: UUID
) -> None:
    forget_fingerprint(uow, running)
    service.report_leak(uow, owner, running)
    with pytest.raises(LeakedTokenError):
        replace(uow, owner, running, TOKEN)
    replace(uow, owner, running, OTHER)
    assert queries.get_bot(uow.session, running).has_token


def test_a_missing_fingerprint_is_filled_in_for_the_token_that_was_opened(
    uow: UnitOfWork, owner: Actor, running: UUID
) -> None:
    forget_fingerprint(uow, running)
    launch = queries.list_launches(uow.session, [running])[running]
    version = queries.get_bot(uow.session, running).version
    assert not launch.has_fingerprint
    service.note_token(uow, running, "another seal", OTHER)
    assert not queries.list_launches(uow.session, [running])[running].has_fingerprint
    service.note_token(uow, running, launch.sealed_token, TOKEN)
    service.note_token(uow, running, launch.sealed_token, OTHER)
    uow.session.expire_all()
    bot = queries.get_bot(uow.session, running)
    assert (bot.token_fingerprint, bot.version) == (fingerprint_of(TOKEN), version)
    service.report_leak(uow, owner, running)
    with pytest.raises(LeakedTokenError):
        replace(uow, owner, running, TOKEN)


def test_reporting_twice_is_reporting_once(uow: UnitOfWork, owner: Actor, running: UUID) -> None:
    for _ in range(2):
        service.report_leak(uow, owner, running)
    uow.commit()
    assert [entry.action for entry in list_recent(uow.session)].count("bot.panic") == 1
    with pytest.raises(LeakedTokenError):
        replace(uow, owner, running, TOKEN)


def test_stopping_it_is_allowed_to_more_people_than_destroying_its_token(
    uow: UnitOfWork, running: UUID
) -> None:
    operator = make_actor(Permission.BOT_CONTROL, bot_id=running)
    with pytest.raises(ForbiddenError, match=r"bot\.token"):
        service.report_leak(uow, operator, running)
    service.set_desired_state(uow, operator, running, DesiredState.STOPPED)


def test_a_fingerprint_knows_a_token_again_and_gives_none_of_it_away() -> None:
    known = fingerprint_of(TOKEN)
    assert known == fingerprint_of(Secret(TOKEN.reveal()))
    assert known != fingerprint_of(OTHER)
    assert len(known) == 16
    assert not any(part in known for part in TOKEN.reveal().split("."))


def test_a_new_seal_is_written_only_over_the_one_that_was_read(uow: UnitOfWork) -> None:
    bot = make_bot(uow.session, sealed_token="old")
    version = bot.version
    cell = SealedCell("bots", "sealed_token", bot.id, "old")
    assert cell in queries.list_sealed(uow.session)
    assert service.replace_seal(uow, cell, "new")
    assert not service.replace_seal(uow, cell, "newer")
    uow.session.expire_all()
    stored = uow.session.get_one(Bot, bot.id)
    assert (stored.sealed_token, stored.version, stored.generation) == ("new", version, 1)

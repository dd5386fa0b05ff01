from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import BotNotFoundError, DeletedBotError
from socialcube.domain.bots.events import BotCreated
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.policy import KEPT
from socialcube.domain.bots.types import DesiredState, Reason
from socialcube.domain.commands.models import Command
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.secrets import Secret
from tests.factories.access import make_actor
from tests.factories.bots import make_bot, make_identity
from tests.factories.commands import store_command
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published
from tests.fakes.sealing import FakeSealer

pytestmark = pytest.mark.usefixtures("noise")
SEALER = FakeSealer()
TOKEN = Secret("a token that nobody guesses at all")


def delete(uow: UnitOfWork, owner: Actor, **fields: Any) -> UUID:
    bot = make_bot(uow.session, name="Fern", **fields)
    store_command(uow.session, bot.id, "hello", published_version=1)
    service.delete_bot(uow, owner, bot.id)
    return bot.id


def count(uow: UnitOfWork, model: type, bot_id: UUID) -> int:
    found = select(func.count()).select_from(model).where(model.bot_id == bot_id)  # type: ignore[attr-defined] # each has one
    return uow.session.scalar(found) or 0


def test_a_deleted_bot_is_listed_for_those_who_may_restore_it(
    uow: UnitOfWork, owner: Actor, clock: FakeClock
) -> None:
    bot_id = delete(uow, owner)
    everything = queries.list_deleted(uow.session, scope=Scope(is_all=True))
    assert {bot.name for bot in everything} == {"Fern", "Gone"}
    (bot,) = queries.list_deleted(uow.session, scope=Scope(is_all=False, bot_ids=frozenset({bot_id})))
    assert (bot.id, bot.deleted_by, bot.purged_at) == (bot_id, str(owner), clock.now() + KEPT)
    assert queries.find_deleted(uow.session, bot_id) == bot
    assert queries.find_bot(uow.session, bot_id) is None


def test_a_restored_bot_has_all_but_its_token(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot_id = delete(uow, owner, desired_state=DesiredState.RUNNING)
    service.restore_bot(uow, owner, bot_id)
    uow.commit()
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.name, bot.has_token, bot.desired_state) == ("Fern", False, DesiredState.STOPPED)
    assert (bot.state.is_held, bot.state.reason) == (True, Reason.TOKEN_MISSING)
    assert count(uow, Command, bot_id) == 1
    assert queries.find_deleted(uow.session, bot_id) is None
    assert published.events[-1] == BotCreated(bot_id)
    assert "bot.restore" in {entry.action for entry in list_recent(uow.session)}


def test_restoring_needs_what_deleting_needs(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = delete(uow, owner)
    with pytest.raises(ForbiddenError, match=r"bot\.delete"):
        service.restore_bot(uow, make_actor(Permission.BOT_EDIT, bot_id=bot_id), bot_id)
    service.restore_bot(uow, make_actor(Permission.BOT_DELETE, bot_id=bot_id), bot_id)


def test_what_is_not_deleted_cannot_be_restored(uow: UnitOfWork, owner: Actor) -> None:
    for bot_id in (make_bot(uow.session).id, UUID(int=0)):
        with pytest.raises(BotNotFoundError):
            service.restore_bot(uow, owner, bot_id)


def test_after_thirty_days_it_goes_with_all_that_belongs_to_it(
    unit: Callable[[], UnitOfWork], owner: Actor, clock: FakeClock
) -> None:
    with unit() as uow:
        bot_id = delete(uow, owner)
        uow.commit()
    clock.advance((KEPT - timedelta(seconds=1)).total_seconds())
    with unit() as uow:
        # The neighbour's deleted bot is exactly as old as the clock's start, so it stays as well.
        assert service.purge_deleted(uow, Actor.system("beat")) == 0
        clock.advance(1)
        # The neighbour's deleted bot goes too: it was deleted at the same moment.
        assert service.purge_deleted(uow, Actor.system("beat")) == 2
        uow.commit()
    with unit() as uow:
        assert queries.find_deleted(uow.session, bot_id) is None
        assert count(uow, Command, bot_id) == count(uow, BotState, bot_id) == 0
        assert {entry.action for entry in list_recent(uow.session)} >= {"bot.delete", "bot.purge"}
        assert len(queries.list_bots(uow.session)) == 2
        with pytest.raises(BotNotFoundError):
            service.restore_bot(uow, owner, bot_id)


def test_purging_is_nothing_for_people(uow: UnitOfWork) -> None:
    with pytest.raises(ForbiddenError):
        service.purge_deleted(uow, make_actor(Permission.BOT_DELETE))


def test_adding_a_deleted_bot_again_brings_it_back_as_it_was_called(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = delete(uow, owner, external_id=77)
    identity = make_identity(external_id=77, name="Name at Discord")
    assert service.create_bot(uow, owner, SEALER, identity=identity, token=TOKEN) == bot_id
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.name, bot.has_token, bot.state.is_held) == ("Fern", True, False)
    assert count(uow, Command, bot_id) == 1
    uow.commit()
    assert "bot.restore" in {entry.action for entry in list_recent(uow.session)}


def test_added_afresh_it_starts_with_nothing(uow: UnitOfWork, owner: Actor) -> None:
    old_id = delete(uow, owner, external_id=77)
    identity = make_identity(external_id=77, name="New")
    bot_id = service.create_bot(uow, owner, SEALER, identity=identity, token=TOKEN, afresh=True)
    assert bot_id != old_id
    assert queries.get_bot(uow.session, bot_id).name == "New"
    assert uow.session.get(Bot, old_id) is None
    assert count(uow, Command, old_id) == count(uow, Command, bot_id) == 0


@pytest.mark.parametrize("afresh", [False, True])
def test_who_may_not_delete_it_gets_nothing_of_a_deleted_bot(
    uow: UnitOfWork, owner: Actor, *, afresh: bool
) -> None:
    bot_id = delete(uow, owner, external_id=77)
    newcomer = make_actor(Permission.BOT_CREATE)
    identity = make_identity(external_id=77)
    with pytest.raises(DeletedBotError, match="Fern was deleted here and is kept until"):
        service.create_bot(uow, newcomer, SEALER, identity=identity, token=TOKEN, afresh=afresh)
    assert queries.find_deleted(uow.session, bot_id) is not None

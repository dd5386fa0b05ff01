from uuid import UUID

import pytest
from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.commands import queries, service
from socialcube.domain.commands.models import CommandRegistration
from socialcube.domain.commands.types import Registration
from tests.factories.commands import make_desired
from tests.fakes.clock import START, FakeClock

pytestmark = pytest.mark.usefixtures("noise")
ONE = Registration(71, None, "hello", "a" * 64)
TWO = Registration(72, 31, "bye", "b" * 64)


def count_all(uow: UnitOfWork) -> int:
    return len(uow.session.scalars(select(CommandRegistration.id)).all())


def test_what_we_made_is_noted(uow: UnitOfWork, bot_id: UUID) -> None:
    service.record_registrations(uow, bot_id, [ONE, TWO])
    assert queries.list_registrations(uow.session, bot_id) == [ONE, TWO]
    assert count_all(uow) == 4


def test_noting_replaces_what_we_knew(uow: UnitOfWork, bot_id: UUID) -> None:
    service.record_registrations(uow, bot_id, [ONE, TWO])
    changed = Registration(72, 31, "bye", "c" * 64)
    fresh = Registration(73, None, "new", "d" * 64)
    service.record_registrations(uow, bot_id, [changed, fresh])
    assert queries.list_registrations(uow.session, bot_id) == [changed, fresh]
    assert count_all(uow) == 4


def test_noting_the_same_keeps_the_day(uow: UnitOfWork, bot_id: UUID, clock: FakeClock) -> None:
    service.record_registrations(uow, bot_id, [ONE])
    clock.advance(60)
    service.record_registrations(uow, bot_id, [ONE])
    statement = select(CommandRegistration).where(CommandRegistration.external_id == 71)
    assert uow.session.scalars(statement).one().registered_at == START


def test_nothing_made_leaves_nothing_of_this_bot(uow: UnitOfWork, bot_id: UUID) -> None:
    service.record_registrations(uow, bot_id, [ONE])
    service.record_registrations(uow, bot_id, [])
    assert queries.list_registrations(uow.session, bot_id) == []
    assert count_all(uow) == 2


def test_intents_stand_beside_what_we_made_until_the_next_note(uow: UnitOfWork, bot_id: UUID) -> None:
    service.record_registrations(uow, bot_id, [ONE])
    wanted = [make_desired("roll"), make_desired("dice", 31)]
    service.record_intents(uow, bot_id, wanted)
    intents = [Registration(None, item.guild_id, item.name, item.digest) for item in wanted]
    assert queries.list_registrations(uow.session, bot_id) == [ONE, *intents]
    service.record_registrations(uow, bot_id, [ONE, *intents])
    assert queries.list_registrations(uow.session, bot_id) == [ONE]

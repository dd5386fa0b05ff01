from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import (
    InvalidInviteError,
    InviteGoneError,
    InviteNotFoundError,
    NotYoursToGiveError,
    UserDisabledError,
)
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import AccessGroup, Role
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.service import invites
from socialcube.domain.accounts.service.changes import lock_covered
from socialcube.domain.accounts.types import INVITE_TIME, BuiltInRole, Place
from socialcube.domain.audit import queries as audit
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.policy import KEPT
from socialcube.kernel.errors import ForbiddenError
from tests.contract.domain.conftest import Race
from tests.factories.accounts import SYSTEM, make_user
from tests.factories.bots import make_bot
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published
from tests.support.databases import Database

VIEWER, OWNER = BUILT_IN_ROLES[BuiltInRole.VIEWER].id, BUILT_IN_ROLES[BuiltInRole.OWNER].id
EVERYWHERE = Scope(is_all=True)
PATIENCE: Final = 30.0
"""Seconds that a thread waits for another one."""


def invite(
    uow: UnitOfWork, bot_id: UUID | None = None, actor: Actor = SYSTEM, life: timedelta = INVITE_TIME
) -> str:
    made = service.make_invite(uow, actor, role_id=VIEWER, bot_id=bot_id, note="the new one", life=life)
    return made.code.reveal()


def test_an_invite_gives_its_role_to_whoever_accepts_it(uow: UnitOfWork, published: Published) -> None:
    bot_id, user = make_bot(uow.session).id, make_user(uow)
    code = invite(uow, bot_id)
    (offer,) = queries.list_invites(uow.session, uow.clock.now(), scope=EVERYWHERE)
    assert (offer.role.id, offer.place, offer.note) == (VIEWER, Place(bot_id), "the new one")
    assert queries.find_offer(uow.session, code.lower(), uow.clock.now()) == offer
    assert service.accept_invite(uow, user.id, code) == offer
    uow.commit()
    assert AccessChanged(user.id) in published.events
    (grant,) = queries.list_grants(uow.session, user_id=user.id)
    assert (grant.role.id, grant.bot_id, grant.granted_by) == (VIEWER, bot_id, str(SYSTEM))
    actions = [entry.action for entry in audit.list_before(uow.session, limit=3)]
    assert actions == ["grant.give", "invite.accept", "invite.make"]
    assert queries.list_invites(uow.session, uow.clock.now(), scope=EVERYWHERE) == []


def test_what_opens_an_invite_is_not_stored(uow: UnitOfWork) -> None:
    code = invite(uow)
    uow.commit()
    rows = uow.session.connection().exec_driver_sql("SELECT * FROM invites").all()
    said = f"{rows} {[entry.after for entry in audit.list_before(uow.session)]}"
    assert code not in said
    assert code.replace("-", "") not in said


def test_wrong_used_cancelled_and_old_invites_are_refused_alike(uow: UnitOfWork, clock: FakeClock) -> None:
    user, bot_id = make_user(uow), make_bot(uow.session).id
    used, cancelled, old = invite(uow, bot_id), invite(uow, bot_id), invite(uow, bot_id)
    service.accept_invite(uow, user.id, used)
    newest, _ = queries.list_invites_to(uow.session, clock.now(), Place(bot_id))
    offered = queries.find_offer(uow.session, cancelled, clock.now())
    assert offered is not None
    service.cancel_invite(uow, SYSTEM, offered.id)
    with pytest.raises(InviteNotFoundError):
        service.cancel_invite(uow, SYSTEM, offered.id)
    assert newest.id != offered.id
    clock.advance(timedelta(days=7, seconds=1).total_seconds())
    for code in (used, cancelled, old, "", "0" * 500, "nothing"):
        assert queries.find_offer(uow.session, code, clock.now()) is None
        with pytest.raises(InviteGoneError) as refused:
            service.accept_invite(uow, user.id, code)
        assert refused.value.message == InviteGoneError().message


def test_an_invite_gives_no_more_than_its_maker_holds_when_it_is_accepted(uow: UnitOfWork) -> None:
    bot_id, other = (make_bot(uow.session, name=name).id for name in ("One", "Other"))
    priya = make_user(uow, "priya", role=BuiltInRole.MANAGER, bot_id=bot_id)
    maker = queries.load_actor(uow.session, priya.id)
    with pytest.raises(NotYoursToGiveError):
        service.make_invite(uow, maker, role_id=OWNER, bot_id=bot_id)
    for place in (other, None):
        with pytest.raises(ForbiddenError):
            service.make_invite(uow, maker, role_id=VIEWER, bot_id=place)
    kept, lost = invite(uow, bot_id, maker), invite(uow, bot_id, maker)
    user = make_user(uow)
    assert service.accept_invite(uow, user.id, kept).made_by == str(maker)
    (grant,) = queries.list_grants(uow.session, user_id=priya.id)
    service.revoke_grant(uow, SYSTEM, grant.id)
    assert queries.find_offer(uow.session, lost, uow.clock.now()) is None
    with pytest.raises(InviteGoneError):
        service.accept_invite(uow, user.id, lost)


def test_a_role_that_grew_since_is_not_given_by_who_does_not_hold_it(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session).id
    role_id = service.create_role(uow, SYSTEM, name="Night watch", permissions=["bot.view"])
    maker = queries.load_actor(uow.session, make_user(uow, role=BuiltInRole.MANAGER, bot_id=bot_id).id)
    code = service.make_invite(uow, maker, role_id=role_id, bot_id=bot_id).code.reveal()
    service.edit_role(uow, SYSTEM, role_id, version=1, name="Night watch", permissions=["bot.token"])
    with pytest.raises(InviteGoneError):
        service.accept_invite(uow, make_user(uow).id, code)


def test_the_invites_of_somebody_who_was_switched_off_give_nothing(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session).id
    maker = make_user(uow, "priya", role=BuiltInRole.MANAGER, bot_id=bot_id)
    code = invite(uow, bot_id, queries.load_actor(uow.session, maker.id))
    service.set_disabled(uow, SYSTEM, maker.id, disabled=True)
    with pytest.raises(InviteGoneError):
        service.accept_invite(uow, make_user(uow).id, code)


def test_somebody_who_was_switched_off_accepts_nothing(uow: UnitOfWork) -> None:
    user, code = make_user(uow), invite(uow)
    service.set_disabled(uow, SYSTEM, user.id, disabled=True)
    with pytest.raises(UserDisabledError):
        service.accept_invite(uow, user.id, code)


@pytest.mark.parametrize("life", [timedelta(minutes=59), timedelta(days=30, seconds=1)])
def test_an_invite_works_for_an_hour_to_a_month(uow: UnitOfWork, life: timedelta) -> None:
    with pytest.raises(InvalidInviteError):
        invite(uow, life=life)


def test_invites_are_seen_and_cancelled_by_who_manages_the_place(uow: UnitOfWork) -> None:
    bot_id, other = (make_bot(uow.session, name=name).id for name in ("One", "Other"))
    invite(uow, bot_id)
    invite(uow)
    group_id = service.create_group(uow, SYSTEM, name="Both", bot_ids=[bot_id, other])
    service.make_invite(uow, SYSTEM, role_id=VIEWER, group_id=group_id)
    manager = BUILT_IN_ROLES[BuiltInRole.MANAGER].permissions
    now = uow.clock.now()

    def seen(*bot_ids: UUID) -> list[Place]:
        scope = Scope(is_all=False, bot_ids=frozenset(bot_ids))
        return [found.place for found in queries.list_invites(uow.session, now, scope=scope)]

    assert seen(bot_id) == [Place(bot_id)]
    assert seen(bot_id, other) == [Place(group_id=group_id), Place(bot_id)]
    assert len(queries.list_invites(uow.session, now, scope=EVERYWHERE)) == 3
    (found,) = queries.list_invites_to(uow.session, now, Place(bot_id))
    with pytest.raises(ForbiddenError):
        service.cancel_invite(uow, Actor.user(UUID(int=1), bot_permissions={other: manager}), found.id)
    service.cancel_invite(uow, Actor.user(UUID(int=1), bot_permissions={bot_id: manager}), found.id)
    assert queries.find_invite(uow.session, found.id, now) is None


def test_an_invite_to_what_is_not_there_is_not_made(uow: UnitOfWork) -> None:
    with pytest.raises(BotNotFoundError):
        invite(uow, UUID(int=404))


def test_old_invites_are_cleared_away(uow: UnitOfWork, clock: FakeClock) -> None:
    invite(uow)
    clock.advance(timedelta(days=8).total_seconds())
    invite(uow)
    service.delete_expired(uow)
    assert uow.session.connection().exec_driver_sql("SELECT count(*) FROM invites").scalar() == 1


def test_of_several_who_accept_one_invite_at_once_one_gets_it(database: Database, race: Race) -> None:
    with database.unit() as uow:
        people = [make_user(uow, name).id for name in ("ann", "bo", "cy", "di")]
        code = invite(uow)
        uow.commit()
    results = race(people, lambda uow, user_id: service.accept_invite(uow, user_id, code).id)
    assert sum(isinstance(each, UUID) for each in results) == 1
    assert sum(isinstance(each, InviteGoneError) for each in results) == 3
    with database.reads() as session:
        (grant,) = queries.list_grants(session)
    assert grant.user_id == people[next(i for i, each in enumerate(results) if isinstance(each, UUID))]
    assert Permission.BOT_VIEW in grant.role.permissions


@pytest.mark.parametrize("goes", ["group", "role", "bot"])
def test_who_accepts_while_the_place_or_the_role_is_deleted_comes_too_late(
    database: Database, monkeypatch: pytest.MonkeyPatch, goes: str
) -> None:
    if database.kind == "sqlite":
        pytest.skip("SQLite lets one write at a time")
    with database.unit() as uow:
        user_id, bot_id = make_user(uow).id, make_bot(uow.session).id
        group_id = service.create_group(uow, SYSTEM, name="Gardens", bot_ids=[bot_id])
        role_id = service.create_role(uow, SYSTEM, name="Greeter", permissions=["bot.view"])
        place = Place(bot_id) if goes == "bot" else Place(group_id=group_id)
        made = service.make_invite(uow, SYSTEM, role_id=role_id, bot_id=place.bot_id, group_id=place.group_id)
        code = made.code.reveal()
        uow.commit()
    first, delete = {
        "group": (select(AccessGroup.id), partial(service.delete_group, group_id=group_id)),
        "role": (select(Role.id), partial(service.delete_role, role_id=role_id)),
        "bot": (select(Bot.id), partial(remove_for_good, bot_id=bot_id)),
    }[goes]
    is_locked, is_inside = Event(), Event()

    def wait_for_the_other(uow: UnitOfWork, place: Place) -> frozenset[UUID]:
        is_inside.set()
        assert is_locked.wait(PATIENCE)
        return lock_covered(uow, place)

    def take_away() -> None:
        assert is_inside.wait(PATIENCE)
        with database.unit() as uow:
            uow.session.execute(first.with_for_update())
            is_locked.set()
            delete(uow, SYSTEM)
            uow.commit()

    def accept() -> None:
        with database.unit() as uow:
            service.accept_invite(uow, user_id, code)
            uow.commit()

    monkeypatch.setattr(invites, "lock_covered", wait_for_the_other)
    with ThreadPoolExecutor() as pool:
        accepting, deleting = pool.submit(accept), pool.submit(take_away)
        late = accepting.exception(PATIENCE)
        assert deleting.exception(PATIENCE) is None
    assert isinstance(late, InviteGoneError)
    with database.reads() as session:
        assert queries.list_grants(session) == []
        assert queries.find_offer(session, code, FakeClock().now()) is None


def remove_for_good(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Purge a bot as if it had been deleted long ago."""
    bots.delete_bot(uow, actor, bot_id)
    uow.session.execute(update(Bot).values(deleted_at=FakeClock().now() - 2 * KEPT))
    assert bots.purge_deleted(uow, actor) == 1

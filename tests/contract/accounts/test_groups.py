from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import event

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Scope, Subject
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import (
    DuplicateGroupError,
    GroupInUseError,
    GroupNotFoundError,
    InvalidGroupError,
    LastOwnerError,
    NotYoursToGiveError,
)
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.audit import queries as audit
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.kernel.errors import ForbiddenError, VersionConflictError
from tests.contract.domain.conftest import Race
from tests.factories.access import make_actor
from tests.factories.accounts import SYSTEM, make_user
from tests.factories.bots import make_bot
from tests.fakes.events import Published
from tests.support.databases import Database

VIEWER, EDITOR, OWNER = (
    BUILT_IN_ROLES[kind].id for kind in (BuiltInRole.VIEWER, BuiltInRole.EDITOR, BuiltInRole.OWNER)
)
MANAGER = BUILT_IN_ROLES[BuiltInRole.MANAGER].permissions


@pytest.fixture
def statements(uow: UnitOfWork) -> Iterator[list[str]]:
    """Give what was asked of the database from now on."""
    said: list[str] = []
    engine = uow.session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def make_group(uow: UnitOfWork, *bot_ids: UUID, name: str = "Shop") -> UUID:
    return service.create_group(uow, SYSTEM, name=name, bot_ids=bot_ids)


def change_bots(uow: UnitOfWork, group_id: UUID, *bot_ids: UUID, actor: Actor = SYSTEM) -> None:
    group = queries.get_group(uow.session, group_id)
    service.edit_group(
        uow, actor, group_id, version=group.version, name=group.name, description="", bot_ids=bot_ids
    )


def managing(*bot_ids: UUID) -> Actor:
    return Actor.user(UUID(int=1), bot_permissions=dict.fromkeys(bot_ids, MANAGER))


def test_a_role_on_a_group_holds_on_its_bots_and_nowhere_else(uow: UnitOfWork) -> None:
    one, two, other = (make_bot(uow.session, name=name).id for name in ("One", "Two", "Other"))
    group_id, user = make_group(uow, one, two), make_user(uow)
    service.grant_role(uow, SYSTEM, user_id=user.id, role_id=OWNER, group_id=group_id)
    actor = queries.load_actor(uow.session, user.id)
    assert can(actor, Permission.BOT_TOKEN, Subject.bot(one))
    assert can(actor, Permission.BOT_TOKEN, Subject.bot(two))
    assert not can(actor, Permission.BOT_VIEW, Subject.bot(other))
    assert not can(actor, Permission.SITE_ADMIN)
    assert not queries.has_admin(uow.session)


def test_a_bot_that_joins_or_leaves_changes_rights_and_tells_everybody(
    uow: UnitOfWork, published: Published
) -> None:
    one, two = (make_bot(uow.session, name=name).id for name in ("One", "Two"))
    group_id = make_group(uow, one)
    ann, bo = make_user(uow, "ann"), make_user(uow, "bo")
    for user in (ann, bo):
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=VIEWER, group_id=group_id)
    uow.commit()
    published.events.clear()
    change_bots(uow, group_id, two)
    uow.commit()
    assert set(published.events) == {AccessChanged(ann.id), AccessChanged(bo.id)}
    actor = queries.load_actor(uow.session, ann.id)
    assert set(actor.bot_permissions) == {two}
    published.events.clear()
    change_bots(uow, group_id, two)
    uow.commit()
    assert published.events == []


def test_all_grants_are_folded_in_two_reads_however_many_there_are(
    uow: UnitOfWork, statements: list[str]
) -> None:
    bots = [make_bot(uow.session, name=f"Bot {number}").id for number in range(6)]
    user = make_user(uow, role=BuiltInRole.VIEWER)
    for number, bot_id in enumerate(bots):
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=EDITOR, bot_id=bot_id)
        group_id = make_group(uow, *bots[number:], name=f"Group {number}")
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=EDITOR, group_id=group_id)
    statements.clear()
    actor = queries.load_actor(uow.session, user.id)
    assert len(statements) == 2
    assert set(actor.bot_permissions) == set(bots)
    assert actor.permissions == BUILT_IN_ROLES[BuiltInRole.VIEWER].permissions


def test_a_role_is_given_on_a_group_by_who_holds_it_on_every_bot_of_it(uow: UnitOfWork) -> None:
    one, two = (make_bot(uow.session, name=name).id for name in ("One", "Two"))
    group_id, user = make_group(uow, one, two), make_user(uow)
    with pytest.raises(ForbiddenError):
        service.grant_role(uow, managing(one), user_id=user.id, role_id=VIEWER, group_id=group_id)
    with pytest.raises(NotYoursToGiveError, match="give it a new token"):
        service.grant_role(uow, managing(one, two), user_id=user.id, role_id=OWNER, group_id=group_id)
    grant_id = service.grant_role(uow, managing(one, two), user_id=user.id, role_id=VIEWER, group_id=group_id)
    with pytest.raises(ForbiddenError):
        service.revoke_grant(uow, managing(two), grant_id)
    service.revoke_grant(uow, managing(one, two), grant_id)
    assert queries.list_grants(uow.session, group_id=group_id) == []


def test_a_group_without_bots_belongs_to_the_managers_of_all_bots(uow: UnitOfWork) -> None:
    group_id, user = make_group(uow), make_user(uow)
    with pytest.raises(ForbiddenError):
        service.grant_role(uow, managing(), user_id=user.id, role_id=VIEWER, group_id=group_id)
    everywhere = make_actor(*MANAGER)
    service.grant_role(uow, everywhere, user_id=user.id, role_id=VIEWER, group_id=group_id)
    assert len(queries.list_grants(uow.session, group_id=group_id)) == 1


def test_nobody_lets_others_gain_or_lose_on_a_bot_what_they_do_not_hold_there(uow: UnitOfWork) -> None:
    one, two = (make_bot(uow.session, name=name).id for name in ("One", "Two"))
    group_id, user = make_group(uow, one), make_user(uow)
    service.grant_role(uow, SYSTEM, user_id=user.id, role_id=EDITOR, group_id=group_id)
    half = Actor.user(UUID(int=1), frozenset({Permission.SITE_ADMIN}), {two: MANAGER})
    change_bots(uow, group_id, one, two, actor=half)
    with pytest.raises(NotYoursToGiveError):
        change_bots(uow, group_id, two, actor=half)
    change_bots(uow, group_id, one, actor=half)
    with pytest.raises(ForbiddenError):
        change_bots(uow, group_id, one, two, actor=managing(one, two))


def test_owning_a_group_keeps_no_site(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session).id
    mara, user = make_user(uow, "mara", role=BuiltInRole.OWNER), make_user(uow)
    service.grant_role(uow, SYSTEM, user_id=user.id, role_id=OWNER, group_id=make_group(uow, bot_id))
    with pytest.raises(LastOwnerError):
        service.set_disabled(uow, SYSTEM, mara.id, disabled=True)


def test_a_group_is_named_once_and_stays_while_somebody_has_a_role_on_it(uow: UnitOfWork) -> None:
    group_id, user = make_group(uow), make_user(uow)
    with pytest.raises(DuplicateGroupError):
        make_group(uow)
    for name in (" ", "n" * 61):
        with pytest.raises(InvalidGroupError):
            make_group(uow, name=name)
    grant_id = service.grant_role(uow, SYSTEM, user_id=user.id, role_id=VIEWER, group_id=group_id)
    with pytest.raises(GroupInUseError, match="1"):
        service.delete_group(uow, SYSTEM, group_id)
    service.revoke_grant(uow, SYSTEM, grant_id)
    service.make_invite(uow, SYSTEM, role_id=VIEWER, group_id=group_id)
    service.delete_group(uow, SYSTEM, group_id)
    assert queries.list_invites(uow.session, uow.clock.now(), scope=Scope(is_all=True)) == []
    with pytest.raises(GroupNotFoundError):
        queries.get_group(uow.session, "Shop")


def test_two_groups_differ_by_more_than_capitals(uow: UnitOfWork) -> None:
    group_id = make_group(uow, name="Läden")
    with pytest.raises(DuplicateGroupError):
        make_group(uow, name="LÄDEN")
    other_id = make_group(uow, name="Büro")
    with pytest.raises(DuplicateGroupError):
        service.edit_group(uow, SYSTEM, other_id, version=1, name="läden", description="", bot_ids=())
    service.edit_group(uow, SYSTEM, group_id, version=1, name="LÄDEN", description="", bot_ids=())
    assert queries.get_group(uow.session, group_id).name == "LÄDEN"


def test_a_group_that_somebody_changed_since_is_not_overwritten(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, name="Greenhouse").id
    group_id = make_group(uow)
    change_bots(uow, group_id, bot_id)
    with pytest.raises(VersionConflictError) as conflict:
        service.edit_group(uow, SYSTEM, group_id, version=1, name="Mine", description="", bot_ids=[])
    assert conflict.value.stored == {"name": "Shop", "description": "", "bots": ["Greenhouse"]}
    uow.commit()
    entry = audit.list_before(uow.session, limit=1)[0]
    assert (entry.action, entry.before, entry.after) == (
        "group.edit",
        {"name": "Shop", "description": "", "bots": []},
        {"name": "Shop", "description": "", "bots": ["Greenhouse"]},
    )


def test_bots_that_are_not_there_join_no_group(uow: UnitOfWork) -> None:
    group_id = make_group(uow)
    with pytest.raises(BotNotFoundError):
        change_bots(uow, group_id, UUID(int=404))
    with pytest.raises(GroupNotFoundError):
        service.grant_role(uow, SYSTEM, user_id=make_user(uow).id, role_id=VIEWER, group_id=UUID(int=404))


def test_who_may_do_what_on_a_bot_is_told_with_its_reasons(uow: UnitOfWork) -> None:
    bot_id, other = (make_bot(uow.session, name=name).id for name in ("One", "Other"))
    group_id = make_group(uow, bot_id)
    make_user(uow, "mara", role=BuiltInRole.OWNER)
    make_user(uow, "noah", role=BuiltInRole.OWNER, bot_id=other)
    ann = make_user(uow, "ann", role=BuiltInRole.VIEWER, bot_id=bot_id)
    service.grant_role(uow, SYSTEM, user_id=ann.id, role_id=EDITOR, group_id=group_id)
    first, second = queries.list_holders(uow.session, bot_id)
    assert (first.user.name, second.user.name) == ("ann", "mara")
    assert first.permissions[Permission.BOT_VIEW] == "Viewer on this bot, Editor on the group Shop"
    assert first.permissions[Permission.COMMAND_EDIT] == "Editor on the group Shop"
    assert Permission.COMMAND_PUBLISH not in first.permissions
    assert second.permissions[Permission.BOT_TOKEN] == "Owner on the whole site"
    assert Permission.SITE_ADMIN not in second.permissions
    assert queries.count_holders(uow.session, bot_id) == 2
    assert [holder.user.name for holder in queries.list_group_holders(uow.session, group_id)] == [
        "ann",
        "mara",
    ]


def test_people_are_seen_by_those_who_manage_a_bot_with_them(uow: UnitOfWork) -> None:
    bot_id, other = (make_bot(uow.session, name=name).id for name in ("One", "Other"))
    make_user(uow, "mara", role=BuiltInRole.OWNER)
    make_user(uow, "noah", role=BuiltInRole.VIEWER, bot_id=other)
    make_user(uow, "nobody")
    ann = make_user(uow, "ann")
    service.grant_role(uow, SYSTEM, user_id=ann.id, role_id=VIEWER, group_id=make_group(uow, bot_id, other))

    def seen(scope: Scope) -> list[str]:
        return [user.name for user in queries.list_visible(uow.session, scope, limit=9)]

    assert seen(Scope(is_all=False, bot_ids=frozenset({bot_id}))) == ["ann", "mara"]
    assert seen(Scope(is_all=False, bot_ids=frozenset({other}))) == ["ann", "mara", "noah"]
    assert seen(Scope(is_all=False)) == []
    assert seen(Scope(is_all=True)) == ["ann", "mara", "noah", "nobody"]


def test_a_grant_waits_for_a_bot_that_joins_its_group_just_now(database: Database, race: Race) -> None:
    with database.unit() as uow:
        one, two = (make_bot(uow.session, name=name).id for name in ("One", "Two"))
        group_id, user_id = make_group(uow, one), make_user(uow).id
        uow.commit()

    def act(uow: UnitOfWork, step: str) -> None:
        if step == "join":
            change_bots(uow, group_id, one, two)
        else:
            manager = managing(one)
            service.grant_role(uow, manager, user_id=user_id, role_id=VIEWER, group_id=group_id)

    joined, given = race(["join", "give"], act)
    assert joined is None
    with database.reads() as session:
        grants = queries.list_grants(session, group_id=group_id)
    # Either it was given while the group was all theirs, or refused since it was not: never in between.
    assert (given is None and len(grants) == 1) or (isinstance(given, ForbiddenError) and not grants)


def test_everybody_is_walked_once_by_name(uow: UnitOfWork) -> None:
    for name in ("cy", "ann", "bo", "ann", "di"):
        make_user(uow, name)
    pages = list(queries.walk_users(uow.session, "", 2))
    assert [[user.name for user in page] for page in pages] == [["ann", "ann"], ["bo", "cy"], ["di"]]
    assert len({user.id for page in pages for user in page}) == 5
    assert [user.name for page in queries.walk_users(uow.session, "A", 2) for user in page] == ["ann", "ann"]
    assert list(queries.walk_users(uow.session, "nobody", 2)) == []

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import (
    BotChangedError,
    BotNotFoundError,
    DuplicateBotError,
    InvalidBotNameError,
    OtherApplicationError,
)
from socialcube.domain.bots.events import (
    BotCreated,
    BotDeleted,
    BotDesiredStateChanged,
    BotEdited,
    BotTokenReplaced,
)
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.service import creation
from socialcube.domain.bots.types import BotIdentity, DesiredState, ProcessState, Reason
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.secrets import Secret
from tests.factories.access import make_actor
from tests.factories.bots import make_bot, make_identity
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published
from tests.fakes.sealing import FakeSealer

pytestmark = pytest.mark.usefixtures("noise")
TOKEN = Secret("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs")
OTHER_TOKEN = Secret("another token that nobody guesses")
SEALER = FakeSealer()


def create(uow: UnitOfWork, actor: Actor, identity: BotIdentity | None = None) -> UUID:
    return service.create_bot(uow, actor, SEALER, identity=identity or make_identity(), token=TOKEN)


def audited(uow: UnitOfWork) -> list[str]:
    uow.commit()
    return [entry.action for entry in list_recent(uow.session)]


def test_a_new_bot_is_stopped_and_named_by_the_platform(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = create(
        uow, owner, make_identity(name="Fern", description="Waters plants", avatar="a1", external_id=77)
    )
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.name, bot.description, bot.avatar, bot.external_id) == ("Fern", "Waters plants", "a1", 77)
    assert bot.desired_state is DesiredState.STOPPED
    assert bot.generation == 1
    assert bot.state.process is ProcessState.STOPPED


def test_a_new_bot_may_have_a_name_description_and_intents_of_its_own(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = service.create_bot(
        uow,
        owner,
        SEALER,
        identity=make_identity(),
        token=TOKEN,
        name=" Client bot ",
        description="For Acme",
        intents=2,
    )
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.name, bot.description, bot.intents) == ("Client bot", "For Acme", 3)


def test_a_name_of_the_platform_that_breaks_our_rules_is_made_to_fit(uow: UnitOfWork, owner: Actor) -> None:
    named = queries.get_bot(uow.session, create(uow, owner, make_identity(name="two\nlines" + "x" * 90)))
    unnamed = queries.get_bot(uow.session, create(uow, owner, make_identity(name="\0", external_id=78)))
    assert named.name.startswith("two lines")
    assert len(named.name) == 80
    assert unnamed.name == "78"


def test_an_avatar_that_is_no_hash_is_left_out(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = create(uow, owner, make_identity(avatar="../../etc/passwd"))
    assert queries.get_bot(uow.session, bot_id).avatar is None


def test_a_bad_name_is_refused_and_nothing_is_kept(unit: Callable[[], UnitOfWork], owner: Actor) -> None:
    identity = make_identity(name="Aster")
    with pytest.raises(InvalidBotNameError), unit() as uow:
        service.create_bot(uow, owner, SEALER, identity=identity, token=TOKEN, name="x" * 81)
    with unit() as uow:
        assert "Aster" not in {bot.name for bot in queries.list_bots(uow.session)}


def test_the_token_is_sealed_to_its_row_and_shows_its_last_four(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = create(uow, owner)
    assert queries.list_launches(uow.session, [bot_id])[bot_id].sealed_token == SEALER.seal(
        TOKEN, table="bots", column="sealed_token", row_id=bot_id
    )
    assert queries.get_bot(uow.session, bot_id).token_last4 == TOKEN.reveal()[-4:]


def test_creating_needs_its_permission(uow: UnitOfWork) -> None:
    with pytest.raises(ForbiddenError):
        create(uow, make_actor(Permission.BOT_EDIT))


def test_creating_is_announced_and_audited_without_the_token(
    uow: UnitOfWork, owner: Actor, published: Published
) -> None:
    bot_id = create(uow, owner)
    uow.commit()
    (entry,) = list_recent(uow.session)
    assert (entry.action, entry.subject_id, entry.bot_id) == ("bot.create", str(bot_id), bot_id)
    assert TOKEN.reveal() not in repr(entry)
    assert "sealed" not in repr(entry)
    assert BotCreated(bot_id) in published.events


def test_a_second_bot_of_one_application_is_refused_by_name(uow: UnitOfWork, owner: Actor) -> None:
    identity = make_identity(name="Fern")
    create(uow, owner, identity)
    with pytest.raises(DuplicateBotError) as caught:
        create(uow, owner, make_identity(external_id=identity.external_id, name="Other"))
    assert "Fern" in caught.value.message


def test_two_who_create_the_same_bot_at_once_make_one(
    uow: UnitOfWork, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = make_identity(name="Fern")
    create(uow, owner, identity)
    real, looks = creation._find_by_external_id, iter([True, False])

    def look_too_early(unit: UnitOfWork, wanted: BotIdentity) -> Bot | None:
        return None if next(looks) else real(unit, wanted)

    monkeypatch.setattr(creation, "_find_by_external_id", look_too_early)
    with pytest.raises(DuplicateBotError) as caught:
        create(uow, owner, identity)
    assert "Fern" in caught.value.message
    assert [bot.name for bot in queries.list_bots(uow.session)].count("Fern") == 1


def test_a_deleted_bot_comes_back_under_its_key_with_a_new_token(uow: UnitOfWork, owner: Actor) -> None:
    identity = make_identity()
    bot_id = create(uow, owner, identity)
    service.hold(uow, bot_id, 1, reason=Reason.TOKEN_INVALID, epoch=3)
    service.delete_bot(uow, owner, bot_id)
    assert create(uow, owner, identity) == bot_id
    bot = queries.get_bot(uow.session, bot_id)
    assert bot.desired_state is DesiredState.STOPPED
    assert bot.state.reason is None
    assert not bot.state.is_held
    assert queries.list_launches(uow.session, [bot_id])[bot_id].sealed_token


def test_editing_changes_name_and_description(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot_id = make_bot(uow.session).id
    service.edit_bot(uow, owner, bot_id, version=1, name="New", description="Better")
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.name, bot.description, bot.version) == ("New", "Better", 2)
    assert audited(uow) == ["bot.edit"]
    assert published.events == [BotEdited(bot_id)]


def test_editing_nothing_leaves_no_trace(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot = make_bot(uow.session, name="Same")
    service.edit_bot(uow, owner, bot.id, version=1, name="Same", description="")
    assert audited(uow) == []
    assert published.events == []
    assert queries.get_bot(uow.session, bot.id).version == 1


def test_an_edit_over_somebody_elses_is_refused_with_both_versions(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = make_bot(uow.session).id
    service.edit_bot(uow, owner, bot_id, version=1, name="First", description="")
    with pytest.raises(BotChangedError) as caught:
        service.edit_bot(uow, owner, bot_id, version=1, name="Second", description="")
    assert "version 1" in caught.value.message
    assert "version 2" in caught.value.message


def test_a_new_token_is_sealed_and_tried(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot = make_bot(uow.session, desired_state=DesiredState.RUNNING, state={"held_generation": 1})
    identity = make_identity(external_id=bot.external_id)
    service.replace_token(uow, owner, SEALER, bot.id, identity=identity, token=OTHER_TOKEN)
    assert queries.list_launches(uow.session, [bot.id])[bot.id].sealed_token == SEALER.seal(
        OTHER_TOKEN, table="bots", column="sealed_token", row_id=bot.id
    )
    view = queries.get_bot(uow.session, bot.id)
    assert view.generation == 2
    assert not view.state.is_held
    assert audited(uow) == ["bot.token_replace"]
    assert published.events == [BotTokenReplaced(bot.id)]


def test_a_token_of_another_application_is_refused(uow: UnitOfWork, owner: Actor) -> None:
    bot = make_bot(uow.session, name="Fern")
    with pytest.raises(OtherApplicationError) as caught:
        service.replace_token(
            uow, owner, SEALER, bot.id, identity=make_identity(name="Moss"), token=OTHER_TOKEN
        )
    assert "Moss" in caught.value.message
    assert "Fern" in caught.value.message
    assert queries.list_launches(uow.session, [bot.id])[bot.id].sealed_token == "sealed"


def test_starting_is_a_new_wish(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot_id = make_bot(uow.session).id
    service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.desired_state, bot.generation) == (DesiredState.RUNNING, 2)
    assert audited(uow) == ["bot.start"]
    assert published.events == [BotDesiredStateChanged(bot_id)]


def test_stopping_is_none(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING).id
    service.set_desired_state(uow, owner, bot_id, DesiredState.STOPPED)
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.desired_state, bot.generation) == (DesiredState.STOPPED, 1)
    assert audited(uow) == ["bot.stop"]


@pytest.mark.parametrize("state", list(DesiredState))
def test_wishing_what_is_so_changes_nothing(
    uow: UnitOfWork, owner: Actor, published: Published, state: DesiredState
) -> None:
    bot_id = make_bot(uow.session, desired_state=state).id
    service.set_desired_state(uow, owner, bot_id, state)
    assert queries.get_bot(uow.session, bot_id).generation == 1
    assert audited(uow) == []
    assert published.events == []


def test_starting_a_held_bot_tries_it_again_once(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING, state={"held_generation": 1}).id
    for _ in range(3):
        service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    bot = queries.get_bot(uow.session, bot_id)
    assert bot.generation == 2
    assert not bot.state.is_held


def test_starting_clears_nothing_that_was_seen(uow: UnitOfWork, owner: Actor) -> None:
    seen = {"held_generation": 1, "reason": Reason.CRASH_LOOP, "sentence": "Five crashes.", "epoch": 9}
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING, state=seen).id
    service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    state = queries.get_bot(uow.session, bot_id).state
    assert (state.reason, state.sentence, state.epoch) == (Reason.CRASH_LOOP, "Five crashes.", 9)


@pytest.mark.parametrize("state", list(DesiredState))
def test_a_restart_is_always_a_new_wish(uow: UnitOfWork, owner: Actor, state: DesiredState) -> None:
    bot_id = make_bot(uow.session, desired_state=state).id
    service.restart_bot(uow, owner, bot_id)
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.desired_state, bot.generation) == (DesiredState.RUNNING, 2)
    assert audited(uow) == ["bot.restart"]


def test_deleting_destroys_the_token(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot = make_bot(uow.session, desired_state=DesiredState.RUNNING, sealed_token="sealed")
    service.delete_bot(uow, owner, bot.id)
    assert (bot.sealed_token, bot.token_last4) == (None, "")
    assert bot.id not in {wanted.bot_id for wanted in queries.list_wanted(uow.session)}
    assert audited(uow) == ["bot.delete"]
    assert published.events == [BotDeleted(bot.id)]


Change = Callable[[UnitOfWork, Actor, UUID], None]
CHANGES: list[tuple[Permission, Change]] = [
    (Permission.BOT_EDIT, lambda u, a, i: service.edit_bot(u, a, i, version=1, name="x", description="")),
    (
        Permission.BOT_TOKEN,
        lambda u, a, i: service.replace_token(u, a, SEALER, i, identity=make_identity(), token=TOKEN),
    ),
    (Permission.BOT_CONTROL, lambda u, a, i: service.set_desired_state(u, a, i, DesiredState.RUNNING)),
    (Permission.BOT_CONTROL, service.restart_bot),
    (Permission.BOT_DELETE, service.delete_bot),
]


@pytest.mark.parametrize(("permission", "change"), CHANGES)
def test_a_change_needs_its_permission_on_this_bot(
    uow: UnitOfWork, session: Session, permission: Permission, change: Change
) -> None:
    mine, other = make_bot(session), make_bot(session)
    everything_else = make_actor(*(set(Permission) - {permission}))
    for actor in (everything_else, make_actor(permission, bot_id=mine.id)):
        with pytest.raises(ForbiddenError) as caught:
            change(uow, actor, other.id)
        assert permission in caught.value.message


def test_a_grant_on_this_bot_is_enough(uow: UnitOfWork, session: Session) -> None:
    mine = make_bot(session)
    service.restart_bot(uow, make_actor(Permission.BOT_CONTROL, bot_id=mine.id), mine.id)
    assert queries.get_bot(session, mine.id).generation == 2


@pytest.mark.parametrize(("permission", "change"), CHANGES)
def test_a_bot_that_is_gone_cannot_be_changed(
    uow: UnitOfWork, clock: FakeClock, owner: Actor, permission: Permission, change: Change
) -> None:
    del permission
    gone = make_bot(uow.session, deleted_at=clock.now())
    for bot_id in (gone.id, UUID(int=0)):
        with pytest.raises(BotNotFoundError):
            change(uow, owner, bot_id)


@pytest.mark.parametrize(("wish", "grown"), [(DesiredState.RUNNING, 1), (DesiredState.STOPPED, 0)])
def test_a_bot_that_runs_connects_afresh_to_see_more(
    uow: UnitOfWork, owner: Actor, published: Published, wish: DesiredState, grown: int
) -> None:
    bot_id = make_bot(uow.session, desired_state=wish, generation=4).id
    service.set_intents(uow, owner, bot_id, 1 << 1)
    assert audited(uow) == ["bot.intents"]
    bot = queries.get_bot(uow.session, bot_id)
    assert (bot.intents, bot.generation) == (0b11, 4 + grown)
    assert published.events == [BotDesiredStateChanged(bot_id)]


def test_choosing_the_same_sight_again_costs_no_start(uow: UnitOfWork, owner: Actor) -> None:
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING, generation=4).id
    service.set_intents(uow, owner, bot_id, 0)
    assert audited(uow) == []
    assert queries.get_bot(uow.session, bot_id).generation == 4

"""Tags and lists of bots, on both databases."""

from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import BotChangedError, InvalidTagsError
from socialcube.domain.bots.types import BulkAction, DesiredState
from socialcube.kernel.ids import new_id
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.fakes.clock import START


def tag(uow: UnitOfWork, owner: Actor, bot_id: UUID, *tags: str) -> None:
    bot = queries.get_bot(uow.session, bot_id)
    service.edit_bot(
        uow,
        owner,
        bot_id,
        version=bot.version,
        name=bot.name,
        description=bot.description,
        tags=tags,
    )


def names(uow: UnitOfWork, **filters: object) -> list[str]:
    return [bot.name for bot in queries.list_bots(uow.session, **filters)]  # type: ignore[arg-type] # as given


def test_tags_are_cleaned_replaced_and_left_alone(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    tag(uow, owner, bot_id, "Client A", "eu", "EU ")
    assert queries.get_bot(uow.session, bot_id).tags == ("client-a", "eu")
    tag(uow, owner, bot_id, "eu", "new")
    bot = queries.get_bot(uow.session, bot_id)
    assert bot.tags == ("eu", "new")
    service.edit_bot(uow, owner, bot_id, version=bot.version, name="Same tags", description="")
    assert queries.get_bot(uow.session, bot_id).tags == ("eu", "new")
    for wrong in (["a,b"], [""], ["x" * 33], ["a\0b"], [str(number) for number in range(11)]):
        with pytest.raises(InvalidTagsError):
            tag(uow, owner, bot_id, *wrong)


def test_changing_only_tags_counts_as_a_change(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    before = queries.get_bot(uow.session, bot_id)
    tag(uow, owner, bot_id, "eu")
    assert queries.get_bot(uow.session, bot_id).version == before.version + 1
    with pytest.raises(BotChangedError) as caught:
        service.edit_bot(uow, owner, bot_id, version=before.version, name="x", description="")
    assert caught.value.stored == {"name": before.name, "description": "", "tags": ["eu"]}


def test_bots_are_found_by_text_tags_state_and_what_one_may_see(uow: UnitOfWork, owner: Actor) -> None:
    fern = make_bot(uow.session, name="Fern 100%", external_id=777, description="Waters plants")
    moss = make_bot(uow.session, name="Moss", desired_state=DesiredState.RUNNING)
    make_bot(uow.session, name="Fern of old", deleted_at=START)
    tag(uow, owner, fern.id, "eu", "shop")
    tag(uow, owner, moss.id, "eu")
    assert names(uow, text="fern") == ["Fern 100%"]
    assert names(uow, text="WATERS") == ["Fern 100%"]
    assert names(uow, text="777") == ["Fern 100%"]
    assert names(uow, text="100%") == ["Fern 100%"]
    assert names(uow, text="_") == []
    assert names(uow, tags=["eu"]) == ["Fern 100%", "Moss"]
    assert names(uow, tags=["eu", "shop"]) == ["Fern 100%"]
    assert names(uow, state=DesiredState.RUNNING) == ["Moss"]
    assert names(uow, scope=Scope(is_all=False, bot_ids=frozenset({moss.id}))) == ["Moss"]
    assert names(uow, scope=Scope(is_all=False)) == []
    assert queries.list_tags(uow.session) == [("eu", 2), ("shop", 1)]
    seen = Scope(is_all=False, bot_ids=frozenset({moss.id}))
    assert queries.list_tags(uow.session, scope=seen) == [("eu", 1)]


def test_a_deleted_bot_is_told_from_a_stopped_one(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    assert not queries.is_deleted(uow.session, bot_id)
    service.delete_bot(uow, owner, bot_id)
    assert queries.is_deleted(uow.session, bot_id)


def test_many_bots_are_changed_as_far_as_one_may(uow: UnitOfWork) -> None:
    mine, held, foreign = (make_bot(uow.session, generation=4).id for _ in range(3))
    actor = Actor(
        "user",
        "ann",
        frozenset(),
        {bot_id: frozenset({Permission.BOT_CONTROL}) for bot_id in (mine, held)},
    )
    missing = new_id()
    outcome = service.change_bots(uow, actor, [foreign, mine, held, mine, missing], BulkAction.RESTART)
    uow.commit()
    assert set(outcome.done) == {mine, held}
    assert set(outcome.refused) == {foreign, missing}
    assert "bot.control" in outcome.refused[foreign]
    assert [queries.get_bot(uow.session, key).generation for key in (mine, held, foreign)] == [5, 5, 4]
    stopped = service.change_bots(uow, actor, [mine], BulkAction.STOP)
    assert stopped.to_json() == {"done": [str(mine)], "refused": {}}
    assert queries.get_bot(uow.session, mine).desired_state is DesiredState.STOPPED
    assert service.change_bots(uow, make_actor(), [mine], BulkAction.START).done == ()

from uuid import UUID

import pytest
from sqlalchemy import func, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.commands import documents, queries, service
from socialcube.domain.commands.errors import (
    CommandChangedError,
    CommandExistsError,
    CommandNotFoundError,
    CommandsInvalidError,
)
from socialcube.domain.commands.events import CommandDraftChanged, CommandPublished
from socialcube.domain.commands.models import CommandOption, CommandVersion
from socialcube.domain.commands.types import ImportOutcome
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.commands import make_document, make_raw_option, make_reply_step
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")
NOBODY = UUID(int=0)
RICH = make_document(
    name="rich",
    nsfw=True,
    default_member_permissions="8",
    contexts=["guild"],
    options=[
        make_raw_option(name="first", required=True, min_length=2),
        make_raw_option(name="second", type="integer", choices=[{"name": "One", "value": 1}]),
    ],
)


def draft(uow: UnitOfWork, bot_id: UUID, name: str = "hello") -> dict[str, object]:
    return dict(queries.get_draft(uow.session, bot_id, name).document)


def names(uow: UnitOfWork, bot_id: UUID) -> list[str]:
    return [command.name for command in queries.list_commands(uow.session, bot_id)]


def test_an_import_creates_drafts(uow: UnitOfWork, owner: Actor, bot_id: UUID, published: Published) -> None:
    outcome = service.import_commands(uow, owner, bot_id, [make_document(), RICH])
    assert outcome == ImportOutcome(created=("hello", "rich"))
    assert names(uow, bot_id) == ["hello", "rich"]
    assert draft(uow, bot_id, "rich") == RICH.to_json()
    assert queries.list_published(uow.session, bot_id) == []
    uow.commit()
    assert {type(event) for event in published.events} == {CommandDraftChanged}
    assert [entry.action for entry in list_recent(uow.session)] == ["command.create"] * 2


def test_a_second_import_tells_what_changed(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    service.import_commands(uow, owner, bot_id, [make_document(), RICH])
    changed = make_document(description="Greet")
    outcome = service.import_commands(uow, owner, bot_id, [changed, RICH, make_document(name="new")])
    assert outcome == ImportOutcome(created=("new",), updated=("hello",), unchanged=("rich",))
    assert draft(uow, bot_id)["description"] == "Greet"


def test_an_import_of_the_same_leaves_no_trace(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, published: Published
) -> None:
    service.import_commands(uow, owner, bot_id, [RICH])
    uow.commit()
    edit = queries.get_draft(uow.session, bot_id, "rich").edit
    published.events.clear()
    service.import_commands(uow, owner, bot_id, [RICH])
    uow.commit()
    assert published.events == []
    assert queries.get_draft(uow.session, bot_id, "rich").edit == edit
    assert len(list_recent(uow.session)) == 1


def test_an_import_touches_no_neighbour_and_nothing_that_is_live(
    uow: UnitOfWork, owner: Actor, bot_id: UUID
) -> None:
    service.import_commands(uow, owner, bot_id, [make_document()])
    service.publish(uow, owner, bot_id, "hello")
    service.import_commands(uow, owner, bot_id, [make_document(description="Greet")])
    (live,) = queries.list_published(uow.session, bot_id)
    assert live.document["description"] == "Say hello"
    assert uow.session.scalar(select(func.count()).select_from(CommandVersion)) == 3


def test_options_may_change_places_names_and_number(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    def with_options(*wanted: str) -> documents.CommandDocument:
        return make_document(options=[make_raw_option(name=name) for name in wanted])

    for wanted in (("a", "b", "c"), ("c", "a"), ("a", "c", "d", "b"), ()):
        service.import_commands(uow, owner, bot_id, [with_options(*wanted)])
        uow.commit()
        assert draft(uow, bot_id) == with_options(*wanted).to_json()
    assert uow.session.scalar(select(func.count()).select_from(CommandOption)) == 0


def test_a_draft_may_have_steps_that_cannot_run_yet(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    unfinished = make_document(steps=[{"id": "a", "type": "not yet"}])
    service.create_draft(uow, owner, bot_id, unfinished)
    assert draft(uow, bot_id) == unfinished.to_json()
    assert queries.get_command(uow.session, bot_id, "hello").has_draft


@pytest.mark.parametrize(
    "document",
    [
        make_document(options=[make_raw_option(), make_raw_option()]),
        make_document(steps=[make_reply_step("a\0b")]),
        make_document(steps=[make_reply_step("x" * 70_000)]),
    ],
)
def test_a_draft_that_breaks_a_rule_or_cannot_be_stored_is_refused(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, document: documents.CommandDocument
) -> None:
    with pytest.raises(CommandsInvalidError):
        service.create_draft(uow, owner, bot_id, document)


def test_a_taken_name_is_refused(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    service.create_draft(uow, owner, bot_id, make_document())
    with pytest.raises(CommandExistsError):
        service.create_draft(uow, owner, bot_id, make_document())


def test_saving_changes_the_draft_and_counts_the_edit(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, clock: FakeClock
) -> None:
    service.create_draft(uow, owner, bot_id, make_document())
    clock.advance(60)
    service.save_draft(uow, owner, bot_id, "hello", make_document(name="greet"), edit=1)
    view = queries.get_command(uow.session, bot_id, "greet")
    assert (view.edit, view.updated_at) == (2, clock.now())
    assert names(uow, bot_id) == ["greet"]
    uow.commit()
    entry = list_recent(uow.session)[-1]
    assert entry.action == "command.edit"
    assert entry.before
    assert entry.after
    assert (entry.before["name"], entry.after["name"]) == ("hello", "greet")


def test_saving_over_somebody_elses_edit_is_refused_with_both(
    uow: UnitOfWork, owner: Actor, bot_id: UUID
) -> None:
    service.create_draft(uow, owner, bot_id, make_document())
    service.save_draft(uow, owner, bot_id, "hello", make_document(description="First"), edit=1)
    with pytest.raises(CommandChangedError) as caught:
        service.save_draft(uow, owner, bot_id, "hello", make_document(description="Second"), edit=1)
    assert "edit 1" in caught.value.message
    assert "edit 2" in caught.value.message
    assert draft(uow, bot_id)["description"] == "First"


def test_renaming_to_a_taken_name_is_refused(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    service.import_commands(uow, owner, bot_id, [make_document(), make_document(name="bye")])
    with pytest.raises(CommandExistsError):
        service.save_draft(uow, owner, bot_id, "hello", make_document(name="bye"), edit=1)


def test_deleting_takes_versions_and_live_command_along(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, published: Published
) -> None:
    command_id = service.create_draft(uow, owner, bot_id, RICH)
    service.publish(uow, owner, bot_id, "rich")
    service.delete_command(uow, owner, bot_id, "rich")
    uow.commit()
    assert names(uow, bot_id) == []
    assert queries.list_published(uow.session, bot_id) == []
    assert uow.session.scalar(select(func.count()).select_from(CommandVersion)) == 2
    assert published.events[-1] == CommandPublished(bot_id, command_id)
    assert list_recent(uow.session)[-1].action == "command.delete"


def test_deleting_what_is_live_needs_the_right_to_publish(
    uow: UnitOfWork, owner: Actor, bot_id: UUID
) -> None:
    editor = make_actor(Permission.COMMAND_EDIT, bot_id=bot_id)
    service.import_commands(uow, owner, bot_id, [make_document(), RICH])
    service.publish(uow, owner, bot_id, "rich")
    service.delete_command(uow, editor, bot_id, "hello")
    with pytest.raises(ForbiddenError):
        service.delete_command(uow, editor, bot_id, "rich")


def test_editing_needs_its_permission_on_this_bot(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    service.create_draft(uow, owner, bot_id, make_document())
    everything_else = make_actor(*(set(Permission) - {Permission.COMMAND_EDIT}))
    for actor in (everything_else, make_actor(Permission.COMMAND_EDIT, bot_id=NOBODY)):
        with pytest.raises(ForbiddenError):
            service.import_commands(uow, actor, bot_id, [])
        with pytest.raises(ForbiddenError):
            service.create_draft(uow, actor, bot_id, RICH)
        with pytest.raises(ForbiddenError):
            service.save_draft(uow, actor, bot_id, "hello", RICH, edit=1)
        with pytest.raises(ForbiddenError):
            service.delete_command(uow, actor, bot_id, "hello")


def test_a_bot_that_is_not_there_has_no_commands(uow: UnitOfWork, owner: Actor) -> None:
    with pytest.raises(BotNotFoundError):
        service.import_commands(uow, owner, NOBODY, [make_document()])


def test_a_command_of_a_neighbour_is_not_there(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    with pytest.raises(CommandNotFoundError):
        service.save_draft(uow, owner, bot_id, "hello", make_document(), edit=1)
    with pytest.raises(CommandNotFoundError):
        service.delete_command(uow, owner, bot_id, "hello")

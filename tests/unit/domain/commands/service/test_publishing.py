from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.commands import documents, policy, queries, service
from socialcube.domain.commands.errors import (
    CommandChangedError,
    CommandExistsError,
    CommandNotFoundError,
    CommandsInvalidError,
    TooManyCommandsError,
    VersionNotFoundError,
)
from socialcube.domain.commands.events import CommandPublished
from socialcube.domain.commands.models import CommandVersion
from socialcube.domain.commands.types import PublishedCommand, VersionView
from socialcube.domain.guilds import service as guilds
from socialcube.domain.guilds.errors import BotNotInGuildError
from socialcube.domain.guilds.types import FieldKind, SettingField
from socialcube.engine.actions.reply import Reply
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.factories.commands import make_document, make_reply_step, store_command
from tests.factories.guilds import make_guild
from tests.fakes.clock import START
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")


@pytest.fixture
def bot_id(uow: UnitOfWork, published: Published) -> UUID:
    """Make a bot that is in two servers."""
    bot_id = make_bot(uow.session).id
    for external_id in (31, 32):
        guilds.sync_guild(uow, bot_id, "discord", make_guild(external_id=external_id))
    uow.commit()
    published.events.clear()
    return bot_id


@pytest.fixture
def command_id(uow: UnitOfWork, owner: Actor, bot_id: UUID, published: Published) -> UUID:
    key = service.create_draft(uow, owner, bot_id, make_document())
    uow.commit()
    published.events.clear()
    return key


@pytest.fixture
def edit(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> Callable[..., None]:
    def change(name: str = "hello", **changes: object) -> None:
        seen = queries.get_draft(uow.session, bot_id, name).edit
        service.save_draft(uow, owner, bot_id, name, make_document(**({"name": name} | changes)), edit=seen)

    return change


def live(uow: UnitOfWork, bot_id: UUID) -> list[tuple[str, int, int | None]]:
    return [(item.name, item.version, item.guild_id) for item in queries.list_published(uow.session, bot_id)]


def test_publishing_makes_the_first_version_live(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, command_id: UUID, published: Published
) -> None:
    assert service.publish(uow, owner, bot_id, "hello", note="First try") == 1
    document = documents.canonical(make_document())
    assert queries.list_published(uow.session, bot_id) == [
        PublishedCommand(command_id, "hello", 1, None, document, policy.digest(document))
    ]
    assert queries.list_versions(uow.session, bot_id, "hello") == [
        VersionView(1, policy.digest(document), "First try", "user:olga", START)
    ]
    uow.commit()
    assert published.events == [CommandPublished(bot_id, command_id)]
    entry = list_recent(uow.session)[-1]
    assert entry.action == "command.publish"
    assert entry.after == {"name": "hello", "version": 1, "guild_id": None, "is_active": True}


def test_a_version_keeps_what_its_actions_need_in_servers(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, command_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reply, "permission", "MANAGE_ROLES")
    service.publish(uow, owner, bot_id, "hello")
    needs = select(CommandVersion.needs).where(CommandVersion.command_id == command_id)
    assert uow.session.scalar(needs) == 1 << 28


@pytest.mark.usefixtures("command_id")
def test_publishing_the_same_again_changes_nothing(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, published: Published
) -> None:
    service.publish(uow, owner, bot_id, "hello")
    uow.commit()
    published.events.clear()
    assert service.publish(uow, owner, bot_id, "hello", note="Again") == 1
    uow.commit()
    assert len(queries.list_versions(uow.session, bot_id, "hello")) == 1
    assert published.events == []
    assert [entry.action for entry in list_recent(uow.session)].count("command.publish") == 1


@pytest.mark.usefixtures("command_id")
def test_only_the_draft_that_was_read_goes_live(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    read = queries.get_draft(uow.session, bot_id, "hello").edit
    changed = make_document(steps=[make_reply_step("Unread")])
    service.save_draft(uow, owner, bot_id, "hello", changed, edit=read)
    with pytest.raises(CommandChangedError):
        service.publish(uow, owner, bot_id, "hello", edit=read)
    assert service.publish(uow, owner, bot_id, "hello", edit=read + 1) == 1


@pytest.mark.usefixtures("command_id")
def test_another_way_of_writing_the_same_is_no_new_version(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    service.publish(uow, owner, bot_id, "hello")
    edit(steps=[{**make_reply_step(), "on_error": "stop"}])
    assert not queries.get_command(uow.session, bot_id, "hello").has_draft
    assert service.publish(uow, owner, bot_id, "hello") == 1


@pytest.mark.usefixtures("command_id")
def test_an_edit_is_live_only_once_published(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    service.publish(uow, owner, bot_id, "hello")
    edit(description="Greet")
    assert queries.get_command(uow.session, bot_id, "hello").has_draft
    assert queries.list_published(uow.session, bot_id)[0].document["description"] == "Say hello"
    assert service.publish(uow, owner, bot_id, "hello") == 2
    assert queries.list_published(uow.session, bot_id)[0].document["description"] == "Greet"
    assert not queries.get_command(uow.session, bot_id, "hello").has_draft


@pytest.mark.usefixtures("command_id")
def test_an_old_text_published_again_is_a_new_version(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    for text in ("Say hello", "Greet", "Say hello"):
        edit(description=text)
        service.publish(uow, owner, bot_id, "hello")
    versions = queries.list_versions(uow.session, bot_id, "hello")
    assert [version.number for version in versions] == [3, 2, 1]
    assert versions[0].digest == versions[2].digest


@pytest.mark.usefixtures("command_id")
def test_a_version_can_be_live_in_one_server(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    service.publish(uow, owner, bot_id, "hello")
    assert service.publish(uow, owner, bot_id, "hello", guild_id=31) == 1
    assert live(uow, bot_id) == [("hello", 1, 31)]
    assert queries.get_command(uow.session, bot_id, "hello").guild_id == 31


@pytest.mark.usefixtures("command_id")
def test_a_draft_with_problems_is_not_published(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    edit(steps=[make_reply_step("{{ nobody }}"), {"id": "b", "type": "fly"}])
    with pytest.raises(CommandsInvalidError) as caught:
        service.publish(uow, owner, bot_id, "hello")
    assert {problem.path.partition(".")[0] for problem in caught.value.problems} <= {"steps[0]", "steps[1]"}
    assert live(uow, bot_id) == []


@pytest.mark.usefixtures("command_id")
def test_rolling_back_makes_an_old_version_live_where_the_present_one_is(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    service.publish(uow, owner, bot_id, "hello", guild_id=31)
    edit(description="Greet")
    service.publish(uow, owner, bot_id, "hello", guild_id=31)
    service.roll_back(uow, owner, bot_id, "hello", 1)
    assert live(uow, bot_id) == [("hello", 1, 31)]
    assert len(queries.list_versions(uow.session, bot_id, "hello")) == 2
    assert queries.get_command(uow.session, bot_id, "hello").has_draft
    uow.commit()
    assert list_recent(uow.session)[-1].action == "command.roll_back"


@pytest.mark.usefixtures("command_id")
def test_rolling_back_to_nothing_is_refused(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    with pytest.raises(VersionNotFoundError) as caught:
        service.roll_back(uow, owner, bot_id, "hello", 1)
    assert "1" in caught.value.message


@pytest.mark.usefixtures("command_id")
def test_a_command_is_switched_off_and_on(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    service.publish(uow, owner, bot_id, "hello")
    service.set_active(uow, owner, bot_id, "hello", active=False)
    assert live(uow, bot_id) == []
    assert not queries.get_command(uow.session, bot_id, "hello").is_active
    service.set_active(uow, owner, bot_id, "hello", active=True)
    assert live(uow, bot_id) == [("hello", 1, None)]
    uow.commit()
    actions = [entry.action for entry in list_recent(uow.session)]
    assert actions[-2:] == ["command.switch_off", "command.switch_on"]


@pytest.mark.parametrize("active", [True, False])
def test_switching_to_what_is_so_changes_nothing(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, published: Published, active: bool
) -> None:
    store_command(uow.session, bot_id, is_active=active)
    service.set_active(uow, owner, bot_id, "hello", active=active)
    uow.commit()
    assert published.events == []


def test_a_draft_can_be_switched_too(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    store_command(uow.session, bot_id, is_active=False)
    service.set_active(uow, owner, bot_id, "hello", active=True)
    assert live(uow, bot_id) == []


def test_what_is_off_can_be_published_and_stays_off(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    store_command(uow.session, bot_id, is_active=False)
    assert service.publish(uow, owner, bot_id, "hello") == 1
    assert live(uow, bot_id) == []


def test_discord_takes_a_hundred_commands_in_a_place(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    for number in range(policy.MAX_COMMANDS):
        store_command(uow.session, bot_id, f"c{number}", published_version=1)
    store_command(uow.session, bot_id, "more")
    with pytest.raises(TooManyCommandsError) as caught:
        service.publish(uow, owner, bot_id, "more")
    assert "100" in caught.value.message
    uow.session.expire_all()
    assert service.publish(uow, owner, bot_id, "more", guild_id=31) == 1
    assert service.publish(uow, owner, bot_id, "c1") == 2
    service.set_active(uow, owner, bot_id, "c2", active=False)
    assert service.publish(uow, owner, bot_id, "more") == 1
    with pytest.raises(TooManyCommandsError):
        service.set_active(uow, owner, bot_id, "c2", active=True)


@pytest.mark.usefixtures("command_id")
def test_a_name_that_is_live_in_a_place_is_not_used_twice(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    service.publish(uow, owner, bot_id, "hello")
    edit(name="hello", description="Renamed soon")
    seen = queries.get_draft(uow.session, bot_id, "hello").edit
    service.save_draft(uow, owner, bot_id, "hello", make_document(name="greet"), edit=seen)
    service.create_draft(uow, owner, bot_id, make_document())
    with pytest.raises(CommandExistsError):
        service.publish(uow, owner, bot_id, "hello")


def test_two_places_may_have_the_same_name(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    store_command(uow.session, bot_id, "hello", published_version=1, published_guild_id=31)
    assert service.publish(uow, owner, bot_id, "hello", guild_id=32) == 2
    assert live(uow, bot_id) == [("hello", 2, 32)]


CHANGES: list[Callable[[UnitOfWork, Actor, UUID], object]] = [
    lambda uow, actor, bot_id: service.publish(uow, actor, bot_id, "hello"),
    lambda uow, actor, bot_id: service.roll_back(uow, actor, bot_id, "hello", 1),
    lambda uow, actor, bot_id: service.set_active(uow, actor, bot_id, "hello", active=False),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_live_needs_the_right_to_publish_on_this_bot(
    uow: UnitOfWork, bot_id: UUID, change: Callable[[UnitOfWork, Actor, UUID], object]
) -> None:
    store_command(uow.session, bot_id, published_version=1)
    everything_else = make_actor(*(set(Permission) - {Permission.COMMAND_PUBLISH}))
    for actor in (everything_else, make_actor(Permission.COMMAND_PUBLISH, bot_id=UUID(int=0))):
        with pytest.raises(ForbiddenError):
            change(uow, actor, bot_id)


@pytest.mark.parametrize("change", CHANGES)
def test_a_grant_on_this_bot_is_enough(
    uow: UnitOfWork, bot_id: UUID, change: Callable[[UnitOfWork, Actor, UUID], object]
) -> None:
    store_command(uow.session, bot_id, published_version=1)
    change(uow, make_actor(Permission.COMMAND_PUBLISH, bot_id=bot_id), bot_id)
    assert queries.list_versions(uow.session, bot_id, "hello")


@pytest.mark.parametrize("change", CHANGES)
def test_a_neighbours_command_is_not_there(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, change: Callable[[UnitOfWork, Actor, UUID], object]
) -> None:
    with pytest.raises(CommandNotFoundError):
        change(uow, owner, bot_id)


@pytest.mark.usefixtures("command_id")
def test_a_version_goes_live_only_where_the_bot_is(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    with pytest.raises(BotNotInGuildError, match="not in a server 99"):
        service.publish(uow, owner, bot_id, "hello", guild_id=99)
    guilds.leave_guild(uow, bot_id, "discord", 31)
    with pytest.raises(BotNotInGuildError, match="not in a server 31"):
        service.publish(uow, owner, bot_id, "hello", guild_id=31)
    assert live(uow, bot_id) == []


@pytest.mark.usefixtures("command_id")
def test_a_command_that_names_a_setting_nobody_defined_is_not_published(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, edit: Callable[..., None]
) -> None:
    edit(steps=[make_reply_step("{{ settings.locale }}\n{{ settings.welcome }}")])
    with pytest.raises(CommandsInvalidError) as caught:
        service.publish(uow, owner, bot_id, "hello")
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == ("steps[0].params.text", "unknown_setting")
    assert (problem.line, problem.column) == (2, 4)
    assert problem.message.startswith("There is no setting called `welcome`; there are locale, ")
    welcome = SettingField("welcome", "Welcome text", FieldKind.TEXT)
    guilds.define_fields(uow, owner, bot_id, version=0, fields=[welcome])
    assert service.publish(uow, owner, bot_id, "hello") == 1

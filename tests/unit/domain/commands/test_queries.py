from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from socialcube.domain.commands import queries
from socialcube.domain.commands.errors import CommandNotFoundError
from socialcube.domain.commands.types import CommandView
from tests.factories.commands import make_raw_command, store_command
from tests.fakes.clock import START

pytestmark = pytest.mark.usefixtures("noise")


def test_commands_of_one_bot_are_listed_by_name(session: Session, bot_id: UUID) -> None:
    draft = store_command(session, bot_id, "b")
    live = store_command(session, bot_id, "a", published_version=3, published_guild_id=31, is_active=False)
    assert queries.list_commands(session, bot_id) == [
        CommandView(
            id=live.id,
            bot_id=bot_id,
            name="a",
            description="Say hello",
            is_active=False,
            published_version=3,
            guild_id=31,
            has_draft=False,
            edit=1,
            updated_at=START,
        ),
        CommandView(
            id=draft.id,
            bot_id=bot_id,
            name="b",
            description="Say hello",
            is_active=True,
            published_version=None,
            guild_id=None,
            has_draft=True,
            edit=1,
            updated_at=START,
        ),
    ]


def test_one_command_is_got_by_name(session: Session, bot_id: UUID) -> None:
    command = store_command(session, bot_id)
    assert queries.get_command(session, bot_id, "hello").id == command.id
    draft = queries.get_draft(session, bot_id, "hello")
    assert (draft.id, draft.edit, draft.document) == (command.id, 1, make_raw_command())


def test_a_neighbours_command_is_not_got(session: Session, bot_id: UUID) -> None:
    with pytest.raises(CommandNotFoundError) as caught:
        queries.get_command(session, bot_id, "hello")
    assert "hello" in caught.value.message
    with pytest.raises(CommandNotFoundError):
        queries.get_draft(session, bot_id, "hello")
    assert queries.list_versions(session, bot_id, "hello") == []
    assert queries.list_registrations(session, bot_id) == []


def test_live_is_what_is_published_and_on(session: Session, bot_id: UUID) -> None:
    store_command(session, bot_id, "live", published_version=2, published_guild_id=31)
    store_command(session, bot_id, "draft")
    store_command(session, bot_id, "off", published_version=1, is_active=False)
    (live,) = queries.list_published(session, bot_id)
    assert (live.name, live.version, live.guild_id) == ("live", 2, 31)

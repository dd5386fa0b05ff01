from datetime import UTC, datetime

import pytest

from socialcube.domain.commands.types import CommandState, CommandView
from socialcube.kernel.ids import new_id


@pytest.mark.parametrize(
    ("version", "is_active", "has_draft", "state"),
    [
        (None, True, True, CommandState.DRAFT),
        (None, False, True, CommandState.DRAFT),
        (2, False, True, CommandState.OFF),
        (2, True, True, CommandState.CHANGED),
        (2, True, False, CommandState.LIVE),
    ],
)
def test_the_state_of_a_command_says_what_is_live_of_it(
    version: int | None, is_active: bool, has_draft: bool, state: CommandState
) -> None:
    command = CommandView(
        id=new_id(),
        bot_id=new_id(),
        name="hello",
        description="",
        is_active=is_active,
        published_version=version,
        guild_id=None,
        has_draft=has_draft,
        edit=1,
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert command.state is state

"""What somebody has to choose between when two people changed one draft."""

from typing import Any

import pytest

from socialcube.web.pages.commands.showing.merging import Clash, list_clashes, merge

STORED = {"name": "hello", "description": "Says hello", "options": [], "steps": []}


@pytest.mark.parametrize(
    "written", [{"contexts": ["guild", "bot_dm"]}, {"nsfw": False}, {"default_member_permissions": None}]
)
def test_a_default_that_a_form_writes_down_is_no_clash(written: dict[str, Any]) -> None:
    assert list_clashes({**STORED, **written}, STORED) == ()


def test_places_are_told_in_words_and_taken_where_they_were_picked() -> None:
    mine = {**STORED, "contexts": ["guild"], "description": "Mine"}
    assert list_clashes(mine, STORED) == (
        Clash("description", "Description", "Mine", "Says hello"),
        Clash("contexts", "Offered in", "Servers", "Servers, Messages with the bot"),
    )
    assert merge(mine, STORED, {"contexts"}) == {**STORED, "contexts": ["guild"]}


@pytest.mark.parametrize("forged", [7, "guild", ["moon"], [{"a": []}], [None]])
def test_forged_places_are_shown_as_they_are(forged: object) -> None:
    assert [clash.key for clash in list_clashes({**STORED, "contexts": forged}, STORED)] == ["contexts"]

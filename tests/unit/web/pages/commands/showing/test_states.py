from dataclasses import replace
from datetime import UTC, datetime

from socialcube.domain.commands.types import CommandView
from socialcube.kernel.ids import new_id
from socialcube.web.pages.commands.showing.states import say_state

LIVE = CommandView(
    id=new_id(),
    bot_id=new_id(),
    name="hello",
    description="",
    is_active=True,
    published_version=3,
    guild_id=None,
    has_draft=False,
    edit=1,
    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def test_the_number_of_the_version_follows_what_is_live_of_it() -> None:
    changed, off = replace(LIVE, has_draft=True), replace(LIVE, is_active=False)
    draft = replace(LIVE, published_version=None)
    assert [say_state(each).word for each in (LIVE, changed, off, draft)] == [
        "Live v3",
        "Live v3 + draft",
        "Off v3",
        "Draft",
    ]


def test_the_number_is_left_out_where_a_column_tells_it() -> None:
    words = say_state(replace(LIVE, has_draft=True), is_numbered=False)
    assert (words.word, words.tone, words.icon) == ("Live + draft", "draft", "s-draft")

from typing import Any

import pytest

from socialcube.domain.bots.documents import parse_presence, presence_to_json, read_presence
from socialcube.domain.bots.errors import InvalidPresenceError
from socialcube.domain.bots.types import ActivityKind, Presence, Status

WATCHING = Presence(Status.IDLE, ActivityKind.WATCHING, "over Fern Street")


def test_what_is_stored_is_read_again() -> None:
    assert read_presence(presence_to_json(WATCHING)) == WATCHING
    assert read_presence(None) == Presence()


def test_a_text_without_an_activity_is_dropped_and_blanks_around_it_too() -> None:
    assert parse_presence({"status": "dnd", "text": "left over"}) == Presence(Status.BUSY)
    given = {"status": "online", "activity": "custom", "text": "  Moin 👩‍🌾  "}
    assert parse_presence(given).text == "Moin 👩‍🌾"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": "away"}, "no such status"),
        ({"activity": "streaming", "text": "x"}, "no such activity"),
        ({"activity": "playing", "text": "  "}, "has no text"),
        ({"activity": "playing", "text": "x" * 129}, "longer than 128"),
        ({"activity": "playing", "text": "two\nlines"}, "not on one line"),
        ({"activity": "playing", "text": "\u202egnihsif"}, "not on one line"),
        ({"url": "https://example.com"}, "unknown parts"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidPresenceError) as caught:
        parse_presence(given)
    assert words in caught.value.message


def test_what_a_newer_release_stored_keeps_no_bot_from_starting() -> None:
    assert read_presence({"status": "asleep"}) == Presence()

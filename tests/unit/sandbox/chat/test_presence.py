import pytest

from socialcube.sandbox.chat.presence import activity_line, presence_view
from socialcube.sandbox.world.records import Presence


@pytest.mark.parametrize(
    ("activity", "line"),
    [
        ({"type": 0, "name": "chess"}, "Playing chess"),
        ({"type": 2, "name": "the sea"}, "Listening to the sea"),
        ({"type": 3, "name": "the harbor"}, "Watching the harbor"),
        ({"type": 5, "name": "a regatta"}, "Competing in a regatta"),
        ({"type": 4, "name": "Custom Status", "state": "Back on Monday"}, "Back on Monday"),
        ({"type": 4, "name": "Custom Status"}, ""),
    ],
)
def test_activity_is_one_line(activity: dict[str, object], line: str) -> None:
    assert activity_line([activity]) == line


def test_bot_shows_status_and_activity() -> None:
    presence = Presence("dnd", ({"type": 0, "name": "chess"},))

    shown = presence_view(presence, online=True)

    assert shown == {"online": True, "status": "dnd", "activity": "Playing chess"}


@pytest.mark.parametrize(("online", "status"), [(False, "online"), (True, "invisible")])
def test_bot_that_is_away_or_invisible_shows_nothing(online: bool, status: str) -> None:
    presence = Presence(status, ({"type": 0, "name": "chess"},))

    assert presence_view(presence, online=online) == {"online": False, "status": "offline", "activity": ""}

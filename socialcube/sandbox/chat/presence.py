"""What people see of a bot beside its name."""

from collections.abc import Iterable
from typing import Final

from socialcube.sandbox.shapes.users import Json
from socialcube.sandbox.world.records import Presence

# Discord docs, "Activity Types".
_ACTIVITY_WORDS: Final = {0: "Playing", 1: "Streaming", 2: "Listening to", 3: "Watching", 5: "Competing in"}
_CUSTOM: Final = 4


def presence_view(presence: Presence, *, online: bool) -> Json:
    """Give what people see of a bot: one that is invisible looks offline to them."""
    visible = online and presence.status != "invisible"
    return {
        "online": visible,
        "status": presence.status if visible else "offline",
        "activity": activity_line(presence.activities) if visible else "",
    }


def activity_line(activities: Iterable[Json]) -> str:
    """Give the line under a bot's name, like "Watching the harbor"; empty without an activity."""
    for activity in activities:
        kind, name = activity["type"], activity["name"]
        if kind == _CUSTOM:
            return str(activity.get("state") or "")
        return f"{_ACTIVITY_WORDS[kind]} {name}"
    return ""

"""What bots show of themselves, as Discord's gateway takes it."""

from typing import Any, Final

from socialcube.domain.bots.types import ActivityKind, Presence

# Discord docs, Gateway Events, "Activity Types". Streaming is left out: it needs an address of Twitch's.
_TYPES: Final = {
    ActivityKind.PLAYING: 0,
    ActivityKind.LISTENING: 2,
    ActivityKind.WATCHING: 3,
    ActivityKind.CUSTOM: 4,
    ActivityKind.COMPETING: 5,
}
_CUSTOM_NAME: Final = "Custom Status"


def to_presence(presence: Presence) -> dict[str, Any]:
    """Give the payload of Update Presence, which IDENTIFY takes too (Discord docs, "Update Presence")."""
    activities = [] if presence.activity is None else [_activity(presence.activity, presence.text)]
    return {"since": None, "activities": activities, "status": str(presence.status), "afk": False}


def _activity(kind: ActivityKind, text: str) -> dict[str, Any]:
    # The text of a custom status is its state; clients show its name nowhere, and Discord wants one.
    if kind is ActivityKind.CUSTOM:
        return {"name": _CUSTOM_NAME, "type": _TYPES[kind], "state": text}
    return {"name": text, "type": _TYPES[kind]}

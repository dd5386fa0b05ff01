"""What the world's changes mean to the page of one person."""

from typing import TYPE_CHECKING

from socialcube.sandbox.chat.presence import presence_view
from socialcube.sandbox.chat.views import may_see, message_view
from socialcube.sandbox.shapes.users import Json
from socialcube.sandbox.world.changes import (
    Change,
    InteractionAnswered,
    InteractionFailed,
    InteractionStarted,
    MessageEdited,
    MessagePosted,
    MessageRemoved,
    PresenceChanged,
)
from socialcube.sandbox.world.records import Message

if TYPE_CHECKING:
    from socialcube.sandbox.world.interaction import Interaction
    from socialcube.sandbox.world.world import World


def event_for(world: "World", change: Change, user_id: int) -> Json | None:
    """Give the event that tells a person's page about a change, or None when it is not for them.

    Args:
        world: the world, after the change.
        change: what happened.
        user_id: the person. Ephemeral answers and interactions are told to theirs only.
    """
    match change:
        case MessagePosted(message) | MessageEdited(message) | MessageRemoved(message):
            gone = isinstance(change, MessageRemoved)
            return _message_event(world, message, gone=gone) if may_see(world, user_id, message) else None
        case InteractionStarted():
            return None
        case InteractionAnswered(interaction) | InteractionFailed(interaction):
            return _interaction_event(interaction) if interaction.user_id == user_id else None
        case PresenceChanged(application_id, online, presence):
            return {
                "type": "presence",
                "user_id": str(application_id),
                **presence_view(presence, online=online),
            }
        case _:
            return {"type": "changed"}


def presence_event(user_id: int, *, online: bool) -> Json:
    """Give the event that a person came or went."""
    status = "online" if online else "offline"
    return {"type": "presence", "user_id": str(user_id), "online": online, "status": status, "activity": ""}


def _message_event(world: "World", message: Message, *, gone: bool) -> Json:
    if gone:
        return {"type": "message_deleted", "id": str(message.id), "channel_id": str(message.channel_id)}
    return {"type": "message", "message": message_view(world, message)}


def _interaction_event(interaction: "Interaction") -> Json:
    kind = "interaction_failed" if interaction.failed else "interaction_answered"
    return {"type": kind, "id": str(interaction.id)}

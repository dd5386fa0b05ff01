"""Channels."""

from socialcube.sandbox.errors import MissingAccessError
from socialcube.sandbox.rest.call import NOTHING, Call, Reply
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.guilds import channel_json
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import Channel


def get_channel(call: Call) -> Reply:
    """Give a channel."""
    return Reply(channel_json(visible_channel(call)))


def start_typing(call: Call) -> Reply:
    """Take note that the bot is typing, which nobody sees here."""
    visible_channel(call)
    return NOTHING


def visible_channel(call: Call) -> Channel:
    """Give the channel in the path when the bot sees it, or raise MissingAccessError."""
    channel = call.world.guilds.get_channel(call.snowflake("channel_id"))
    if not call.world.guilds.may(call.application.id, channel.id, Permission.VIEW_CHANNEL):
        raise MissingAccessError
    return channel


ROUTES = (
    Route("GET", "/channels/{channel_id}", get_channel, major=("channel_id",)),
    Route("POST", "/channels/{channel_id}/typing", start_typing, major=("channel_id",)),
)

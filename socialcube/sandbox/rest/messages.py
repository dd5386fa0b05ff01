"""Messages in channels."""

from typing import Any

from socialcube.sandbox.errors import InvalidFormError, MissingPermissionsError, UnknownMessageError
from socialcube.sandbox.forms import messages as forms
from socialcube.sandbox.ratelimits import Limit
from socialcube.sandbox.rest.call import NOTHING, Call, Reply
from socialcube.sandbox.rest.channels import visible_channel
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.messages import message_json
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import Message


def list_messages(call: Call) -> Reply:
    """Give messages of a channel, the newest first."""
    channel = _readable(call)
    limit = call.count_query("limit", default=50, most=100)
    before, after = call.snowflake_query("before"), call.snowflake_query("after")
    found = call.world.messages.list_in(channel, before=before, limit=10_000)
    if after is not None:
        found = [message for message in found if message.id > after][:limit]
    return Reply([_shown(call, message) for message in reversed(found[-limit:])])


def get_message(call: Call) -> Reply:
    """Give one message."""
    return Reply(_shown(call, _public(call, _readable(call))))


def create_message(call: Call) -> Reply:
    """Post a message. A repeated nonce with `enforce_nonce` answers with the first one."""
    channel_id = call.snowflake("channel_id")
    draft = forms.draft(call.body.value, stored(call, channel_id))
    _check_reply(call, channel_id, draft)
    message = call.world.messages.post(call.application.id, channel_id, draft)
    nonce = {} if draft.nonce is None else {"nonce": draft.nonce}
    return Reply(_shown(call, message) | nonce)


def edit_message(call: Call) -> Reply:
    """Change a message of the bot's own."""
    message = _public(call, visible_channel(call).id)
    changes = forms.changes(call.body.value, stored(call, message.channel_id), message.attachments)
    return Reply(_shown(call, call.world.messages.edit(message, changes, editor_id=call.application.id)))


def delete_message(call: Call) -> Reply:
    """Remove a message: the bot's own, or any where it manages messages."""
    message = _public(call, visible_channel(call).id)
    call.world.messages.delete(message, by=call.application.id)
    return NOTHING


def stored(call: Call, channel_id: int) -> list[dict[str, Any]]:
    """Keep the files that came along. Gives their attachment objects."""
    store, ids = call.parts.attachments, call.world.make_id
    return [store.add(ids(), channel_id, file) for file in call.body.files]


def _check_reply(call: Call, channel_id: int, draft: Draft) -> None:
    if draft.reply_to is None:
        return
    try:
        call.world.messages.get(channel_id, draft.reply_to)
    except UnknownMessageError:
        problem = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise InvalidFormError({"message_reference": {"_errors": [problem]}}) from None


def _readable(call: Call) -> int:
    channel = visible_channel(call)
    if not call.world.guilds.may(call.application.id, channel.id, Permission.READ_MESSAGE_HISTORY):
        raise MissingPermissionsError
    return channel.id


def _public(call: Call, channel_id: int) -> Message:
    """Give the message in the path. Ephemeral ones are reached through their interaction only."""
    message = call.world.messages.get(channel_id, call.snowflake("message_id"))
    if message.seen_by is not None:
        raise UnknownMessageError
    return message


def _shown(call: Call, message: Message) -> dict[str, Any]:
    return message_json(call.world, message, base_url=call.base_url)


_LIST = "/channels/{channel_id}/messages"
_ONE = "/channels/{channel_id}/messages/{message_id}"
_MAJOR = ("channel_id",)
_WRITES = Limit(5, 5.0)

ROUTES = (
    Route("GET", _LIST, list_messages, major=_MAJOR),
    Route("POST", _LIST, create_message, limit=_WRITES, major=_MAJOR),
    Route("GET", _ONE, get_message, major=_MAJOR),
    Route("PATCH", _ONE, edit_message, limit=_WRITES, major=_MAJOR),
    Route("DELETE", _ONE, delete_message, limit=Limit(5, 1.0), major=_MAJOR),
)

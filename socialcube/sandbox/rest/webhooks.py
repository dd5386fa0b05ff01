"""Webhooks: the follow-ups of an interaction, reached with its token, and those that belong to a channel.

Both have the same addresses on Discord. The id in the path tells which of the two is meant: an
application's, or a webhook's.
"""

from typing import Any

from socialcube.sandbox.errors import UnknownMessageError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms import messages as forms
from socialcube.sandbox.ratelimits import Limit
from socialcube.sandbox.rest.call import NOTHING, Access, Call, Reply
from socialcube.sandbox.rest.messages import stored
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.messages import message_json
from socialcube.sandbox.shapes.webhooks import webhook_json
from socialcube.sandbox.world.interaction import Interaction
from socialcube.sandbox.world.records import Message, Webhook


def execute(call: Call) -> Reply:
    """Post a message: a follow-up, which is always answered with, or one through a channel's webhook.

    The latter is answered with only when `wait` is set ("Execute Webhook").
    """
    if _is_interaction(call):
        interaction = _interaction(call)
        draft = forms.answer(call.body.value, stored(call, interaction.channel_id))
        return Reply(_shown(call, call.world.interactions.follow_up(interaction, draft)))
    webhook = _webhook(call)
    name = fields.read(_named, call.body.value).get("username")
    draft = forms.draft(call.body.value, stored(call, webhook.channel_id))
    message = call.world.webhooks.post(webhook, draft, name=name)
    return Reply(_shown(call, message)) if call.flag_query("wait") else NOTHING


def get_webhook(call: Call) -> Reply:
    """Give a channel's webhook."""
    return Reply(webhook_json(_webhook(call)))


def delete_webhook(call: Call) -> Reply:
    """Remove a channel's webhook."""
    call.world.webhooks.delete(_webhook(call))
    return NOTHING


def get_message(call: Call) -> Reply:
    """Give a message that was posted here."""
    return Reply(_shown(call, _message(call)))


def edit_message(call: Call) -> Reply:
    """Change a message that was posted here."""
    message = _message(call)
    changes = forms.changes(call.body.value, stored(call, message.channel_id), message.attachments)
    return Reply(_shown(call, call.world.messages.edit(message, changes)))


def delete_message(call: Call) -> Reply:
    """Remove a message that was posted here."""
    call.world.messages.delete(_message(call))
    return NOTHING


def _is_interaction(call: Call) -> bool:
    return call.snowflake("webhook_id") in call.world.state.applications


def _interaction(call: Call) -> Interaction:
    return call.world.interactions.get_by_token(call.snowflake("webhook_id"), call.path["webhook_token"])


def _webhook(call: Call) -> Webhook:
    return call.world.webhooks.get(call.snowflake("webhook_id"), call.path["webhook_token"])


def _message(call: Call) -> Message:
    if not _is_interaction(call):
        webhook = _webhook(call)
        message = call.world.messages.get(webhook.channel_id, call.snowflake("message_id"))
        if message.webhook_id != webhook.id:
            raise UnknownMessageError
        return message
    interaction = _interaction(call)
    original = call.path["message_id"] == "@original"
    message_id = None if original else call.snowflake("message_id")
    return call.world.interactions.get_message(interaction, message_id)


def _shown(call: Call, message: Message) -> dict[str, Any]:
    return message_json(call.world, message, base_url=call.base_url)


_named = fields.record({"username": fields.text(least=1, most=80), "avatar_url": fields.url})
_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_ONE = _HOOK + "/messages/{message_id}"
_MAJOR = ("webhook_id", "webhook_token")
_LIMIT = Limit(5, 2.0)

ROUTES = tuple(
    Route(method, path, handler, Access.OPEN, _LIMIT, _MAJOR, counts=False)
    for method, path, handler in (
        ("POST", _HOOK, execute),
        ("GET", _HOOK, get_webhook),
        ("DELETE", _HOOK, delete_webhook),
        ("GET", _ONE, get_message),
        ("PATCH", _ONE, edit_message),
        ("DELETE", _ONE, delete_message),
    )
)

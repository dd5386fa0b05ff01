"""Follow-ups: messages after the first response, reached with the interaction's token."""

from typing import Any

from socialcube.sandbox.forms import messages as forms
from socialcube.sandbox.ratelimits import Limit
from socialcube.sandbox.rest.call import NOTHING, Access, Call, Reply
from socialcube.sandbox.rest.messages import stored
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.messages import message_json
from socialcube.sandbox.world.interaction import Interaction
from socialcube.sandbox.world.records import Message


def follow_up(call: Call) -> Reply:
    """Post a further message. Interactions always answer with it, as if `wait` were set."""
    interaction = _interaction(call)
    draft = forms.answer(call.body.value, stored(call, interaction.channel_id))
    return Reply(_shown(call, call.world.interactions.follow_up(interaction, draft)))


def get_message(call: Call) -> Reply:
    """Give the first response's message or a follow-up."""
    return Reply(_shown(call, _message(call)))


def edit_message(call: Call) -> Reply:
    """Change the first response's message or a follow-up."""
    message = _message(call)
    changes = forms.changes(call.body.value, stored(call, message.channel_id), message.attachments)
    return Reply(_shown(call, call.world.messages.edit(message, changes)))


def delete_message(call: Call) -> Reply:
    """Remove the first response's message or a follow-up."""
    call.world.messages.delete(_message(call))
    return NOTHING


def _interaction(call: Call) -> Interaction:
    application_id, token = call.snowflake("application_id"), call.path["interaction_token"]
    return call.world.interactions.get_by_token(application_id, token)


def _message(call: Call) -> Message:
    interaction = _interaction(call)
    original = call.path["message_id"] == "@original"
    message_id = None if original else call.snowflake("message_id")
    return call.world.interactions.get_message(interaction, message_id)


def _shown(call: Call, message: Message) -> dict[str, Any]:
    return message_json(call.world, message, base_url=call.base_url)


_HOOK = "/webhooks/{application_id}/{interaction_token}"
_ONE = _HOOK + "/messages/{message_id}"
_MAJOR = ("application_id", "interaction_token")
_LIMIT = Limit(5, 2.0)

ROUTES = tuple(
    Route(method, path, handler, Access.OPEN, _LIMIT, _MAJOR, counts=False)
    for method, path, handler in (
        ("POST", _HOOK, follow_up),
        ("GET", _ONE, get_message),
        ("PATCH", _ONE, edit_message),
        ("DELETE", _ONE, delete_message),
    )
)

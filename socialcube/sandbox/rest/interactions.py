"""First responses to interactions."""

from typing import Any

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import components, fields
from socialcube.sandbox.forms import messages as message_forms
from socialcube.sandbox.rest.call import NOTHING, Access, Call, Reply
from socialcube.sandbox.rest.messages import stored
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.interactions import callback_json
from socialcube.sandbox.world.interaction import Interaction, InteractionKind, ResponseKind

# Discord docs, "Receiving and Responding" > "Interaction Callback Type": what fits which interaction.
_FITTING = {
    InteractionKind.COMMAND: {ResponseKind.MESSAGE, ResponseKind.LOADING_MESSAGE, ResponseKind.MODAL},
    InteractionKind.COMPONENT: set(ResponseKind) - {ResponseKind.CHOICES},
    InteractionKind.AUTOCOMPLETE: {ResponseKind.CHOICES},
    InteractionKind.MODAL: set(ResponseKind) - {ResponseKind.CHOICES, ResponseKind.MODAL},
}
_kind = fields.record({"type": fields.one_of(tuple(ResponseKind))}, required=("type",))
_choice = fields.record(
    {
        "name": fields.text(least=1, most=100),
        "name_localizations": fields.texts(most=100),
        "value": lambda value, _: value,
    },
    required=("name", "value"),
)
_choices = fields.record({"choices": fields.array(_choice, most=25)}, required=("choices",))
_modal = fields.record(
    {
        "custom_id": fields.text(least=1, most=100),
        "title": fields.text(least=1, most=45),
        "components": components.inputs,
    },
    required=("custom_id", "title", "components"),
)


def respond(call: Call) -> Reply:
    """Take the first response, within three seconds and once."""
    interaction_id, token = call.snowflake("interaction_id"), call.path["interaction_token"]
    interaction = call.world.interactions.get_open(interaction_id, token)
    kind = ResponseKind(fields.read(_kind, call.body.value)["type"])
    if kind not in _FITTING[interaction.kind]:
        problem = {"code": "INTERACTION_RESPONSE_TYPE_INVALID", "message": "This response does not fit."}
        raise InvalidFormError({"type": {"_errors": [problem]}})
    _take(call, interaction, kind, call.body.value.get("data") or {})
    if not call.flag_query("with_response"):
        return NOTHING
    return Reply(callback_json(call.world, interaction, base_url=call.base_url))


def _take(call: Call, interaction: Interaction, kind: ResponseKind, data: Any) -> None:
    world = call.world.interactions
    if kind is ResponseKind.CHOICES:
        world.suggest(interaction, _in_data(_choices, data)["choices"])
    elif kind is ResponseKind.MODAL:
        world.show_modal(interaction, _in_data(_modal, data))
    elif kind in {ResponseKind.UPDATE, ResponseKind.LOADING_UPDATE}:
        kept = interaction.message.attachments if interaction.message else []
        changes = message_forms.changes(data, stored(call, interaction.channel_id), kept)
        world.update(interaction, changes, later=kind is ResponseKind.LOADING_UPDATE)
    else:
        world.respond(interaction, kind, message_forms.answer(data, stored(call, interaction.channel_id)))


def _in_data(form: fields.Field, data: Any) -> dict[str, Any]:
    """Read a form below the key `data`, so that problems are told there."""
    clean: dict[str, Any] = fields.read(fields.record({"data": form}, required=("data",)), {"data": data})[
        "data"
    ]
    return clean


ROUTES = (
    Route(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        respond,
        Access.OPEN,
        major=("interaction_id",),
        counts=False,
    ),
)

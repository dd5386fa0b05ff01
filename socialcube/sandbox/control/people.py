"""People do things: use commands, press buttons, write."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.errors import EmptyMessageError, UnknownCommandError, UnknownInteractionError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.report import Report
from socialcube.sandbox.shapes.messages import event_json, message_json
from socialcube.sandbox.world import options
from socialcube.sandbox.world.changes import Change
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import Interaction
from socialcube.sandbox.world.records import Command

_LONGEST_WAIT = 60.0


def _options(value: object, report: Report) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    report.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return {}


async def invoke(order: Order) -> Any:
    """Use a slash command as a person, by its name. Gives what became of it after at most `wait` seconds."""
    form = order.read(
        user_id=fields.snowflake,
        channel_id=fields.snowflake,
        application_id=fields.snowflake,
        command=fields.text(least=1, most=32),
        options=_options,
        wait=fields.number(bound=_LONGEST_WAIT),
    )
    required(form, "user_id", "channel_id", "command")
    command = _find(order, form)
    given = options.nested(command.body.get("options", []), form.get("options", {}))
    interaction = order.world.interactions.invoke(form["user_id"], form["channel_id"], command.id, given)
    return await _settled(order, interaction, form.get("wait", 0.0))


async def click(order: Order) -> Any:
    """Use a button or a select menu as a person."""
    form = order.read(
        user_id=fields.snowflake,
        channel_id=fields.snowflake,
        message_id=fields.snowflake,
        custom_id=fields.text(least=1, most=100),
        values=fields.array(fields.text(most=100), most=25),
        wait=fields.number(bound=_LONGEST_WAIT),
    )
    required(form, "user_id", "channel_id", "message_id", "custom_id")
    message = order.world.messages.get(form["channel_id"], form["message_id"])
    order.world.guilds.get_member(message.guild_id, form["user_id"])
    interaction = order.world.interactions.click(
        form["user_id"], message, form["custom_id"], form.get("values", [])
    )
    return await _settled(order, interaction, form.get("wait", 0.0))


async def get_interaction(order: Order) -> Any:
    """Give what has become of an interaction by now."""
    interaction = order.world.interactions.find(order.id("interaction_id"))
    if interaction is None:
        raise UnknownInteractionError
    return _json(order, interaction)


async def post_message(order: Order) -> Any:
    """Write a message as a person."""
    form = order.read(user_id=fields.snowflake, channel_id=fields.snowflake, content=fields.text(most=2000))
    required(form, "user_id", "channel_id")
    if not form.get("content"):
        raise EmptyMessageError
    order.world.get_user(form["user_id"])
    message = order.world.messages.post(form["user_id"], form["channel_id"], Draft(form["content"]))
    return event_json(order.world, message)


async def list_messages(order: Order) -> Any:
    """Give a channel's messages, oldest first, as one person sees them or without private ones."""
    form = order.query(channel_id=fields.snowflake, viewer_id=fields.snowflake)
    required(form, "channel_id")
    order.world.guilds.get_channel(form["channel_id"])
    found = order.world.messages.list_in(
        form["channel_id"], viewer_id=form.get("viewer_id"), limit=order.world.limits.messages_kept
    )
    return [message_json(order.world, message) for message in found]


def _find(order: Order, form: dict[str, Any]) -> Command:
    channel = order.world.guilds.get_channel(form["channel_id"])
    for command in order.world.commands.list_visible(channel.guild_id):
        if command.name == form["command"] and form.get("application_id") in {None, command.application_id}:
            return command
    raise UnknownCommandError


async def _settled(order: Order, interaction: Interaction, seconds: float) -> Any:
    """Wait until an interaction has its answer or failed, or the time is over."""
    changed = asyncio.Event()

    def note(_change: Change) -> None:
        changed.set()

    unsubscribe = order.world.feed.subscribe(note)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                # A promise is no answer yet: whoever waits wants to see what comes of it.
                while interaction.outcome in {"pending", "loading"}:
                    changed.clear()
                    await changed.wait()
    finally:
        unsubscribe()
    return _json(order, interaction)


def _json(order: Order, interaction: Interaction) -> dict[str, Any]:
    original = interaction.original
    return {
        "id": str(interaction.id),
        "name": interaction.name,
        "application_id": str(interaction.application_id),
        "outcome": interaction.outcome,
        "response": None if interaction.response is None else int(interaction.response),
        "response_seconds": interaction.response_seconds,
        "message": None if original is None else message_json(order.world, original),
        "followups": [message_json(order.world, message) for message in interaction.followups],
        "choices": interaction.choices,
        "modal": interaction.modal,
    }

"""Control over the webhooks of channels."""

from typing import Any

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.forms import fields
from socialcube.sandbox.rest.call import base_url_of
from socialcube.sandbox.shapes.webhooks import webhook_json


async def create(order: Order) -> Any:
    """Make a webhook for a channel. Gives it with the address to post to."""
    form = order.read(name=fields.text(least=1, most=80))
    required(form, "name")
    webhook = order.world.webhooks.create(order.id("channel_id"), form["name"])
    return webhook_json(webhook, base_url=base_url_of(order.request))


async def list_all(order: Order) -> Any:
    """Give the webhooks of a channel."""
    base_url = base_url_of(order.request)
    channel = order.world.guilds.get_channel(order.id("channel_id"))
    return [webhook_json(item, base_url=base_url) for item in order.world.webhooks.list_in(channel.id)]


async def delete(order: Order) -> Any:
    """Remove a webhook: from now on its address answers 404."""
    order.world.webhooks.delete(order.world.webhooks.get(order.id("webhook_id")))
    return {}

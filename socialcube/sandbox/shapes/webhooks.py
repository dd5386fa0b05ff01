"""Webhooks of channels as Discord's JSON."""

from typing import Final

from socialcube.sandbox.shapes.users import Json
from socialcube.sandbox.world.records import Webhook

_INCOMING: Final = 1


def webhook_json(webhook: Webhook, *, base_url: str = "") -> Json:
    """Give a webhook object (Discord docs, "Webhook").

    Args:
        webhook: the webhook.
        base_url: scheme and host of its address; without it the address is left out.
    """
    shape: Json = {
        "id": str(webhook.id),
        "type": _INCOMING,
        "application_id": None,
        "guild_id": str(webhook.guild_id),
        "channel_id": str(webhook.channel_id),
        "name": webhook.name,
        "avatar": None,
        "token": webhook.token,
    }
    # The address that people copy names no version, as on Discord.
    return shape | {"url": f"{base_url}/api/webhooks/{webhook.id}/{webhook.token}"} if base_url else shape

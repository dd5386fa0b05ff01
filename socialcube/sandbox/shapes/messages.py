"""Messages as Discord's JSON."""

from typing import TYPE_CHECKING

from socialcube.sandbox.shapes.users import Json, member_json, timestamp, user_json
from socialcube.sandbox.world.records import Message

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World


def message_json(world: "World", message: Message, *, base_url: str = "") -> Json:
    """Give a message object (Discord docs, "Message").

    Args:
        world: where its author and mentions are found.
        message: the message; ephemeral ones carry the flag 64, promised answers 128.
        base_url: scheme and host that attachment addresses begin with.
    """
    shape: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": _author_json(world, message),
        "content": message.content,
        "timestamp": timestamp(message.created_at),
        "edited_timestamp": timestamp(message.edited_at) if message.edited_at else None,
        "type": message.kind,
        "flags": message.flags,
        "tts": message.tts,
        "pinned": False,
        "mention_everyone": message.mention_everyone,
        "mentions": [user_json(world.get_user(user_id)) for user_id in message.mention_ids],
        "mention_roles": [str(role_id) for role_id in message.mention_role_ids],
        "attachments": [_attachment_json(item, base_url) for item in message.attachments],
        "embeds": message.embeds,
        "components": message.components,
    }
    return shape | _reply_fields(message) | _interaction_fields(world, message)


def event_json(world: "World", message: Message, *, base_url: str = "") -> Json:
    """Give a message as MESSAGE_CREATE and MESSAGE_UPDATE carry it: with guild and the author's member."""
    shape = message_json(world, message, base_url=base_url) | {"guild_id": str(message.guild_id)}
    member = world.guilds.get(message.guild_id).members.get(message.author_id)
    if member is not None:
        shape["member"] = member_json(member)
    if message.nonce is not None:
        shape["nonce"] = message.nonce
    return shape


def _author_json(world: "World", message: Message) -> Json:
    shape = user_json(world.get_user(message.author_id))
    return shape if message.author_name is None else shape | {"username": message.author_name}


def _attachment_json(attachment: Json, base_url: str) -> Json:
    address = base_url + attachment["url"]
    return attachment | {"url": address, "proxy_url": address}


def _reply_fields(message: Message) -> Json:
    if message.reply_to is None:
        return {}
    return {
        "message_reference": {
            "type": 0,
            "message_id": str(message.reply_to),
            "channel_id": str(message.channel_id),
            "guild_id": str(message.guild_id),
        }
    }


def _interaction_fields(world: "World", message: Message) -> Json:
    origin = message.origin
    if origin is None:
        return {} if message.webhook_id is None else {"webhook_id": str(message.webhook_id)}
    person = user_json(world.get_user(origin.user_id))
    common = {"id": str(origin.interaction_id), "type": origin.kind}
    shape: Json = {
        "application_id": str(message.application_id),
        "webhook_id": str(message.application_id),
        "interaction_metadata": {
            **common,
            "user": person,
            "authorizing_integration_owners": {"0": str(message.guild_id)},
        },
    }
    if origin.kind == _COMMAND:
        shape["interaction"] = {**common, "name": origin.name, "user": person}
    else:
        shape["interaction_metadata"]["interacted_message_id"] = str(message.reply_to or message.id)
    return shape


_COMMAND = 2

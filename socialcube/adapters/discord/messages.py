"""From the engine's messages to Discord's."""

from typing import Any, Final

from socialcube.engine.ports import Embed, EmbedField, Message

EPHEMERAL: Final = 1 << 6
NO_MENTIONS: Final = {"parse": list[str]()}


def to_payload(message: Message) -> dict[str, Any]:
    """Give the body of a message. Nothing in it may mention anybody, since strangers wrote its texts."""
    return {
        "content": message.content,
        "embeds": [_embed(embed) for embed in message.embeds],
        "allowed_mentions": NO_MENTIONS,
    }


def flags(*, private: bool) -> dict[str, int]:
    """Give the flags field: present only when only one person shall see the message."""
    return {"flags": EPHEMERAL} if private else {}


def _embed(embed: Embed) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "title": embed.title,
        "description": embed.description,
        "url": embed.url,
        "author": {"name": embed.author} if embed.author else None,
        "footer": {"text": embed.footer} if embed.footer else None,
        "image": {"url": embed.image_url} if embed.image_url else None,
        "thumbnail": {"url": embed.thumbnail_url} if embed.thumbnail_url else None,
        "fields": [_field(field) for field in embed.fields],
    }
    shown = {key: value for key, value in payload.items() if value}
    # Black is the colour 0, which a test for emptiness would lose.
    return shown if embed.colour is None else {**shown, "color": embed.colour}


def _field(field: EmbedField) -> dict[str, Any]:
    return {"name": field.name, "value": field.value, "inline": field.inline}

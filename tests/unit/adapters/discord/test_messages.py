from socialcube.adapters.discord.messages import flags, to_payload
from socialcube.engine.ports import Embed, EmbedField, Message


def test_nothing_in_a_message_may_mention_anybody() -> None:
    assert to_payload(Message("@everyone <@1>"))["allowed_mentions"] == {"parse": []}


def test_embed_shows_only_what_it_has() -> None:
    [embed] = to_payload(Message(embeds=(Embed(title="Tea", colour=0),)))["embeds"]
    assert embed == {"title": "Tea", "color": 0}


def test_embed_with_everything_is_written_as_discord_documents_it() -> None:
    whole = Embed(
        title="Tea",
        description="Green",
        url="https://example.org",
        colour=0x2F9E6E,
        author="Fern",
        footer="Today",
        image_url="https://example.org/i.png",
        thumbnail_url="https://example.org/t.png",
        fields=(EmbedField("Cups", "2", inline=True),),
    )
    [embed] = to_payload(Message(embeds=(whole,)))["embeds"]
    assert embed == {
        "title": "Tea",
        "description": "Green",
        "url": "https://example.org",
        "color": 0x2F9E6E,
        "author": {"name": "Fern"},
        "footer": {"text": "Today"},
        "image": {"url": "https://example.org/i.png"},
        "thumbnail": {"url": "https://example.org/t.png"},
        "fields": [{"name": "Cups", "value": "2", "inline": True}],
    }


def test_private_is_the_ephemeral_flag() -> None:
    assert flags(private=True) == {"flags": 64}
    assert flags(private=False) == {}

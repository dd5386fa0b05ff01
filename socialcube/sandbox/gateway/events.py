"""What a gateway event carries, for the application that gets it."""

from typing import Any

from socialcube.sandbox.gateway.protocol import Intent
from socialcube.sandbox.shapes.applications import flags_of
from socialcube.sandbox.shapes.guilds import channels_json, guild_json
from socialcube.sandbox.shapes.messages import event_json
from socialcube.sandbox.shapes.users import Json, full_member_json, own_user_json, timestamp
from socialcube.sandbox.world.records import Guild, Message
from socialcube.sandbox.world.world import World


def ready(world: World, session_id: str, application_id: int, shard: tuple[int, int], base_url: str) -> Json:
    """Give READY. Guilds are unavailable in it; a GUILD_CREATE follows for each."""
    flags = flags_of(world.applications.get(application_id).intents)
    return {
        "v": 10,
        "user": own_user_json(world.get_user(application_id)),
        "guilds": [
            {"id": str(guild.id), "unavailable": True}
            for guild in world.guilds.list_of(application_id)
            if (guild.id >> 22) % shard[1] == shard[0]
        ],
        "session_id": session_id,
        "session_type": "normal",
        "resume_gateway_url": f"{base_url.replace('http', 'ws', 1)}/gateway/resume",
        "shard": list(shard),
        "application": {"id": str(application_id), "flags": flags, "flags_new": str(flags)},
        "private_channels": [],
        "relationships": [],
        "user_settings": {},
        "_trace": ["sandbox"],
    }


def guild_create(world: World, guild: Guild, application_id: int, intents: int) -> Json:
    """Give GUILD_CREATE. Without the members intent only the bot itself is listed."""
    members = guild.members.values() if intents & Intent.GUILD_MEMBERS else [guild.members[application_id]]
    return guild_json(guild) | {
        "joined_at": timestamp(guild.members[application_id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [full_member_json(member, world.get_user(member.user_id)) for member in members],
        "channels": channels_json(guild),
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message_event(world: World, message: Message, application_id: int, intents: int, base_url: str) -> Json:
    """Give a message, without its content for who lacks that intent.

    An application always sees what it wrote itself and what mentions its bot
    (Discord docs, "Gateway" > "Message Content Intent").
    """
    shape = event_json(world, message, base_url=base_url)
    own = message.author_id == application_id or application_id in message.mention_ids
    if own or intents & Intent.MESSAGE_CONTENT:
        return shape
    return shape | {"content": "", "embeds": [], "attachments": [], "components": []}


def members_chunk(world: World, guild: Guild, request: Any) -> Json:
    """Give GUILD_MEMBERS_CHUNK for an op 8, in one piece."""
    wanted = request.get("user_ids")
    names = str(request.get("query") or "").lower()
    if isinstance(wanted, str | int):
        wanted = [wanted]
    found = [
        member
        for member in guild.members.values()
        if (str(member.user_id) in {str(key) for key in wanted} if isinstance(wanted, list) else True)
        and world.get_user(member.user_id).username.lower().startswith(names)
    ]
    shape: Json = {
        "guild_id": str(guild.id),
        "members": [full_member_json(member, world.get_user(member.user_id)) for member in found],
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": [],
    }
    nonce = request.get("nonce")
    return shape | {"nonce": nonce} if isinstance(nonce, str) else shape

"""Control over guilds, channels and who is a member."""

from typing import Any

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.forms import fields
from socialcube.sandbox.shapes.guilds import channel_json, channels_json, guild_json, role_json
from socialcube.sandbox.shapes.users import full_member_json, user_json
from socialcube.sandbox.world.permissions import ALL

_name = fields.text(least=1, most=100)
# So many milliseconds after the beginning of 2015, which is well before Discord existed.
_MOST_SLOTS = 1_000_000


async def describe(order: Order) -> Any:
    """Give all people and guilds."""
    guilds = order.world.guilds
    people = guilds.list_people()
    return {
        "people": [user_json(person) | {"part": person.part} for person in people],
        "guilds": [_guild(order, guild_id) for guild_id in sorted(order.world.state.guilds)],
    }


async def create_guild(order: Order) -> Any:
    """Make a guild of Mara's with one channel. Its id shifted by 22 bits, by which shards go, is `slot`."""
    form = order.read(name=_name, slot=fields.integer(most=_MOST_SLOTS))
    required(form, "name")
    guild = order.world.guilds.create(form["name"], slot=form.get("slot", 0))
    return _guild(order, guild.id)


async def change_guild(order: Order) -> Any:
    """Change a guild's name, or give it to another member."""
    form = order.read(name=_name, owner_id=fields.snowflake)
    if "owner_id" in form:
        order.world.guilds.give_away(order.id("guild_id"), form["owner_id"])
    else:
        required(form, "name")
    if "name" in form:
        order.world.guilds.rename(order.id("guild_id"), form["name"])
    return _guild(order, order.id("guild_id"))


async def create_channel(order: Order) -> Any:
    """Add a channel to a guild."""
    form = order.read(name=_name, type=fields.one_of((0, 2, 4, 5)))
    required(form, "name")
    channel = order.world.guilds.create_channel(order.id("guild_id"), form["name"], kind=form.get("type", 0))
    return channel_json(channel)


async def rename_channel(order: Order) -> Any:
    """Change a channel's name."""
    form = order.read(name=_name)
    required(form, "name")
    order.world.guilds.rename_channel(order.id("channel_id"), form["name"])
    return channel_json(order.world.guilds.get_channel(order.id("channel_id")))


async def delete_channel(order: Order) -> Any:
    """Remove a channel."""
    order.world.guilds.delete_channel(order.id("channel_id"))
    return {}


async def create_role(order: Order) -> Any:
    """Add a role to a guild."""
    form = order.read(name=_name, permissions=fields.integer(most=ALL))
    required(form, "name")
    role = order.world.guilds.create_role(order.id("guild_id"), form["name"], form.get("permissions", 0))
    return role_json(role)


async def delete_role(order: Order) -> Any:
    """Remove a role from a guild."""
    order.world.guilds.delete_role(order.id("guild_id"), order.id("role_id"))
    return {}


async def add_member(order: Order) -> Any:
    """Make a person a member of a guild."""
    order.world.guilds.join(order.id("guild_id"), order.id("user_id"))
    return _guild(order, order.id("guild_id"))


async def remove_member(order: Order) -> Any:
    """Take a person out of a guild."""
    order.world.guilds.leave(order.id("guild_id"), order.id("user_id"))
    return _guild(order, order.id("guild_id"))


async def give_role(order: Order) -> Any:
    """Give a member a role."""
    order.world.guilds.give_role(order.id("guild_id"), order.id("user_id"), order.id("role_id"))
    return _guild(order, order.id("guild_id"))


async def take_role(order: Order) -> Any:
    """Take a role from a member."""
    order.world.guilds.take_role(order.id("guild_id"), order.id("user_id"), order.id("role_id"))
    return _guild(order, order.id("guild_id"))


async def reset(order: Order) -> Any:
    """Put the world back to its first day, and forget what was seen, limited, granted and broken."""
    order.world.reset()
    parts, hub = order.parts, order.parts.hub
    for store in (parts.grants, parts.witness, parts.faults, parts.buckets, hub.faults, hub.admission):
        store.clear()
    return {}


def _guild(order: Order, guild_id: int) -> dict[str, Any]:
    guild = order.world.guilds.get(guild_id)
    members = [full_member_json(item, order.world.get_user(item.user_id)) for item in guild.members.values()]
    return guild_json(guild) | {"channels": channels_json(guild), "members": members}

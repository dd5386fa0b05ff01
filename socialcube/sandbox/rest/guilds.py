"""Guilds with their channels, roles and members."""

from socialcube.sandbox.errors import MissingAccessError, UnknownRoleError
from socialcube.sandbox.rest.call import Call, Reply
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.guilds import channels_json, guild_json, role_json, roles_json
from socialcube.sandbox.shapes.users import full_member_json
from socialcube.sandbox.world.records import Guild


def get_guild(call: Call) -> Reply:
    """Give a guild, with its member count when asked."""
    guild = _joined(call)
    shape = guild_json(guild)
    if call.flag_query("with_counts"):
        shape |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
    return Reply(shape)


def list_channels(call: Call) -> Reply:
    """Give a guild's channels."""
    return Reply(channels_json(_joined(call)))


def list_roles(call: Call) -> Reply:
    """Give a guild's roles."""
    return Reply(roles_json(_joined(call)))


def get_role(call: Call) -> Reply:
    """Give one role."""
    role = _joined(call).roles.get(call.snowflake("role_id"))
    if role is None:
        raise UnknownRoleError
    return Reply(role_json(role))


def list_members(call: Call) -> Reply:
    """Give a guild's members by id, for bots with the members intent."""
    guild = _joined(call)
    if not call.application.intents & _MEMBERS_INTENT:
        raise MissingAccessError
    after, limit = call.snowflake_query("after") or 0, call.count_query("limit", default=1, most=1000)
    found = [guild.members[key] for key in sorted(guild.members) if key > after]
    return Reply([full_member_json(item, call.world.get_user(item.user_id)) for item in found[:limit]])


def get_member(call: Call) -> Reply:
    """Give one member."""
    member = call.world.guilds.get_member(_joined(call).id, call.snowflake("user_id"))
    return Reply(full_member_json(member, call.world.get_user(member.user_id)))


def _joined(call: Call) -> Guild:
    """Give the guild in the path. Discord calls a guild unknown to bots that are not in it."""
    guild = call.world.guilds.get(call.snowflake("guild_id"))
    if call.application.id not in guild.members:
        raise MissingAccessError
    return guild


_MEMBERS_INTENT = 1 << 1
_MAJOR = ("guild_id",)

ROUTES = (
    Route("GET", "/guilds/{guild_id}", get_guild, major=_MAJOR),
    Route("GET", "/guilds/{guild_id}/channels", list_channels, major=_MAJOR),
    Route("GET", "/guilds/{guild_id}/roles", list_roles, major=_MAJOR),
    Route("GET", "/guilds/{guild_id}/roles/{role_id}", get_role, major=_MAJOR),
    Route("GET", "/guilds/{guild_id}/members", list_members, major=_MAJOR),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", get_member, major=_MAJOR),
)

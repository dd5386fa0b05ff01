"""Interactions as Discord's JSON."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from socialcube.sandbox.shapes.guilds import partial_channel_json, role_json
from socialcube.sandbox.shapes.messages import message_json
from socialcube.sandbox.shapes.users import Json, full_member_json, member_json, user_json
from socialcube.sandbox.world import permissions
from socialcube.sandbox.world.interaction import Interaction, ResponseKind
from socialcube.sandbox.world.options import OptionKind
from socialcube.sandbox.world.records import EPHEMERAL, LOADING, Channel, Guild

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

_MAX_UPLOAD_BYTES = 10 * 1024 * 1024


def interaction_json(world: "World", interaction: Interaction, *, base_url: str = "") -> Json:
    """Give an interaction object as INTERACTION_CREATE carries it (Discord docs, "Interaction Object")."""
    guild = world.guilds.get(interaction.guild_id)
    channel = world.guilds.get_channel(interaction.channel_id)
    shape: Json = {
        "id": str(interaction.id),
        "application_id": str(interaction.application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "channel_id": str(channel.id),
        "channel": partial_channel_json(channel, _bits(guild, channel, interaction.user_id)),
        "member": _member(world, guild, channel, interaction.user_id),
        "app_permissions": str(_bits(guild, channel, interaction.application_id)),
        "locale": "en-US",
        "guild_locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
        "attachment_size_limit": _MAX_UPLOAD_BYTES,
        "data": interaction.data | _resolved(world, guild, interaction),
    }
    if interaction.message is not None:
        shape["message"] = message_json(world, interaction.message, base_url=base_url)
    return shape


def callback_json(world: "World", interaction: Interaction, *, base_url: str = "") -> Json:
    """Give what a callback with `with_response=true` answers ("Interaction Callback Response Object")."""
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    message = interaction.original
    if message is None:
        return {"interaction": about}
    about["response_message_id"] = str(message.id)
    about["response_message_loading"] = bool(message.flags & LOADING)
    about["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    if interaction.response not in _WITH_MESSAGE:
        return {"interaction": about}
    shown = message_json(world, message, base_url=base_url)
    return {"interaction": about, "resource": {"type": int(interaction.response), "message": shown}}


_WITH_MESSAGE = (ResponseKind.MESSAGE, ResponseKind.UPDATE)


def _member(world: "World", guild: Guild, channel: Channel, user_id: int) -> Json:
    shape = full_member_json(guild.members[user_id], world.get_user(user_id))
    return shape | {"permissions": str(_bits(guild, channel, user_id))}


def _bits(guild: Guild, channel: Channel, user_id: int) -> int:
    member = guild.members.get(user_id)
    return permissions.in_channel(guild, channel, member) if member else 0


def _resolved(world: "World", guild: Guild, interaction: Interaction) -> Json:
    """Give the objects behind the ids among the options, as `{"resolved": …}` or nothing."""
    found: dict[str, Json] = {}
    channel = world.guilds.get_channel(interaction.channel_id)
    for kind, key in _leaves(interaction.data.get("options", [])):
        if kind in _USERS and key in guild.members:
            found.setdefault("users", {})[str(key)] = user_json(world.get_user(key))
            bits = str(_bits(guild, channel, key))
            found.setdefault("members", {})[str(key)] = member_json(guild.members[key]) | {
                "permissions": bits
            }
        elif kind in _ROLES and key in guild.roles:
            found.setdefault("roles", {})[str(key)] = role_json(guild.roles[key])
        elif kind == OptionKind.CHANNEL and key in guild.channels:
            target = guild.channels[key]
            found.setdefault("channels", {})[str(key)] = partial_channel_json(
                target, _bits(guild, target, interaction.user_id)
            )
    return {"resolved": found} if found else {}


def _leaves(options: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, int]]:
    """Give type and id of each option that names something, at any depth."""
    for option in options:
        yield from _leaves(option.get("options", []))
        naming = option.get("type") in _USERS | _ROLES | {OptionKind.CHANNEL}
        if naming and str(option.get("value")).isdecimal():
            yield int(option["type"]), int(option["value"])


_USERS = frozenset({OptionKind.USER, OptionKind.MENTIONABLE})
_ROLES = frozenset({OptionKind.ROLE, OptionKind.MENTIONABLE})

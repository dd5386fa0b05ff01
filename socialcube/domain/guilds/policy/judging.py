"""Whether a bot may do in a server what it has to, and no more."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from socialcube.domain.guilds.policy.permissions import (
    ADMINISTRATOR,
    PERMISSIONS,
    POSTING,
    effective_bits,
    list_permissions,
)
from socialcube.domain.guilds.types import Fit, Lack, PermissionNeed, PlaceSight, ServerPermission

_LOG_CHANNEL: Final = "to tell failures there"
_GONE: Final = Lack("A log channel", "to tell failures: the one that was chosen is gone")


def judge(place: PlaceSight, needs: Iterable[PermissionNeed], channels: Mapping[int, str]) -> Fit:
    """Compare what a bot may do in a server with what it needs there.

    Args:
        place: the bot in the server.
        needs: of the bot's commands, wherever they live.
        channels: names of the server's channels, by the platform's id.
    """
    counting = [need for need in needs if _counts(need, place)]
    held = place.guild.permissions
    needed = sum(permission.mask for permission in _needed(counting, place))
    return Fit(
        held=list_permissions(held),
        lacks=(*_missing(counting, effective_bits(held)), *_log_channel_lacks(place, channels)),
        # Who administers has all the rest by that: taking it away is the one thing to do.
        excess=(ADMINISTRATOR,)
        if held & ADMINISTRATOR.mask
        else tuple(
            permission
            for permission in list_permissions(held & ~place.everyone & ~needed)
            if permission.is_strong
        ),
        needed=needed,
    )


def _counts(need: PermissionNeed, place: PlaceSight) -> bool:
    is_here = need.guild_id is None or need.guild_id == place.guild.external_id
    return is_here and need.permission in PERMISSIONS and need.command_id not in place.disabled_commands


def _needed(needs: Iterable[PermissionNeed], place: PlaceSight) -> set[ServerPermission]:
    found = {PERMISSIONS[need.permission] for need in needs}
    return found if place.log_channel_id is None else found | set(POSTING)


def _missing(needs: Iterable[PermissionNeed], held: int) -> Iterator[Lack]:
    reasons: dict[str, list[str]] = {}
    for need in needs:
        if not held & PERMISSIONS[need.permission].mask:
            reasons.setdefault(need.permission, []).append(need.why)
    for name, why in reasons.items():
        yield Lack(PERMISSIONS[name].label, ", ".join(dict.fromkeys(why)))


def _log_channel_lacks(place: PlaceSight, channels: Mapping[int, str]) -> Iterator[Lack]:
    """Find what keeps the bot from writing in the log channel. Administrators may write everywhere."""
    channel_id = place.log_channel_id
    if channel_id is None:
        return
    if channel_id not in channels:
        yield _GONE
    elif not place.guild.permissions & ADMINISTRATOR.mask:
        held = place.channel_permissions.get(channel_id, place.guild.permissions)
        for permission in POSTING:
            if not held & permission.mask:
                yield Lack(permission.label, _LOG_CHANNEL, f"#{channels[channel_id]}")

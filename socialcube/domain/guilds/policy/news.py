"""What happened between a bot and a server, in words for the bot's log."""

from collections.abc import Iterator
from typing import Final

from socialcube.domain.guilds.policy.fitting import fit_bits, fit_name
from socialcube.domain.guilds.policy.permissions import ADMINISTRATOR, effective_bits, name_permissions
from socialcube.domain.guilds.types import GuildNews, GuildSnapshot, PlaceBefore
from socialcube.kernel.text import printable

_ALL: Final = (1 << 63) - 1


def tell_sighting(before: PlaceBefore | None, now: GuildSnapshot, *, joined: bool) -> Iterator[GuildNews]:
    """Tell what is new about a server since it was stored last.

    Args:
        before: what was stored, None when this bot was never seen there.
        now: how the bot sees it.
        joined: whether it is known that the bot was added while it ran.
    """
    name = printable(fit_name(now.name))
    if joined or (before is not None and not before.is_there):
        yield GuildNews("guild_joined", now.external_id, name, f"Was added to {name}.")
        return
    if before is None:
        return
    if before.is_unavailable:
        yield GuildNews("guild_back", now.external_id, name, f"{name} can be reached again.")
    if before.name != fit_name(now.name):
        sentence = f"{printable(before.name)} is called {name} now."
        yield GuildNews("guild_renamed", now.external_id, name, sentence)
    yield from _permissions(before.permissions, fit_bits(now.permissions), now.external_id, name)


def tell_leaving(external_id: int, name: str, *, wanted: bool) -> GuildNews:
    """Tell that the bot is in a server no more, because somebody here wanted so or because it was removed."""
    shown = printable(name) or "a server"
    sentence = f"Left {shown}, as somebody asked here." if wanted else f"Was removed from {shown}."
    return GuildNews("guild_left", external_id, shown, sentence)


def tell_missed_leaving(count: int) -> GuildNews:
    """Tell how many servers the bot is in no more since it ran last."""
    servers = "a server" if count == 1 else f"{count} servers"
    return GuildNews("guild_left", 0, servers, f"Was removed from {servers} while it did not run.")


def tell_unavailable(external_id: int, name: str) -> GuildNews:
    """Tell that the platform cannot reach a server. Nobody removed the bot."""
    shown = printable(name) or "A server"
    sentence = f"Discord cannot reach {shown} at the moment. The bot is still a member; nothing to do here."
    return GuildNews("guild_unavailable", external_id, shown, sentence, is_warning=True)


def _permissions(before: int, now: int, external_id: int, name: str) -> Iterator[GuildNews]:
    if before == now:
        return
    was_all, is_all = bool(before & ADMINISTRATOR.mask), bool(now & ADMINISTRATOR.mask)
    if was_all and is_all:
        return
    gained = name_permissions(_told(now, is_all=is_all) & ~effective_bits(before) & _ALL)
    lost = name_permissions(_told(before, is_all=was_all) & ~effective_bits(now) & _ALL)
    parts = [f"may now: {gained}" if gained else "", f"may no longer: {lost}" if lost else ""]
    told = "; ".join(part for part in parts if part)
    if told:
        yield GuildNews(
            "guild_permissions", external_id, name, f"In {name} it {told}.", is_warning=bool(lost)
        )


def _told(bits: int, *, is_all: bool) -> int:
    """Let Administrator stand for all that it brings."""
    return ADMINISTRATOR.mask if is_all else bits

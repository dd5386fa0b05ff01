"""People, channels and roles that a trial can name: those of the bot's servers, and a made-up person."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.accounts.types import UserView
from socialcube.domain.bots.types import BotView
from socialcube.domain.guilds import queries as guilds

_MAX_SERVERS: Final = 10
_MAX_THINGS: Final = 200
_CATEGORY: Final = 4
"""Discord's number of the channel type that only holds others (Channel, "Channel Types")."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that an option can point to.

    Attributes:
        id: the platform's id as text.
        name: what templates see.
        shown: what people see in the list.
    """

    id: str
    name: str
    shown: str


def list_things(session: Session, bot: BotView, person: UserView) -> tuple[list[str], dict[str, list[Thing]]]:
    """List the names of the bot's servers, and what there is to pick by the type of an option.

    Long lists are cut: a trial needs an example, not every channel of every server.
    """
    people = [
        Thing(str(person.external_id), person.display_name, f"{person.display_name} (you)"),
        Thing("1", "Sam", "Sam (made up)"),
        Thing(str(bot.external_id), bot.name, f"{bot.name} (the bot)"),
    ]
    things: dict[str, list[Thing]] = {"user": people, "channel": [], "role": []}
    servers = guilds.list_guilds_of_bot(session, bot.id)[:_MAX_SERVERS]
    for server in servers:
        things["channel"] += [
            Thing(str(channel.external_id), channel.name, f"#{channel.name} · {server.name}")
            for channel in guilds.list_channels(session, server.id)
            if channel.kind != _CATEGORY
        ]
        things["role"] += [
            Thing(str(role.external_id), role.name, f"{role.name} · {server.name}")
            for role in guilds.list_roles(session, server.id)
        ]
    things["channel"] = things["channel"][:_MAX_THINGS] or [Thing("3", "general", "#general (made up)")]
    things["role"] = things["role"][:_MAX_THINGS] or [Thing("4", "Member", "Member (made up)")]
    return [server.name for server in servers], things


def mention_names(things: dict[str, list[Thing]]) -> dict[str, str]:
    """Give the names behind mentions, by the sign and the id that Discord writes (`@1`, `#3`, `@&4`)."""
    signs = {"user": "@", "channel": "#", "role": "@&"}
    made_up = {"@1": "Sam", "@2": "the bot", "#3": "general", "@&4": "Member"}
    found = {signs[kind] + thing.id: thing.name for kind, listed in things.items() for thing in listed}
    return made_up | found

"""The first day of the sandbox: people, guilds and bots whose ids cannot exist on Discord.

A real snowflake holds the milliseconds since 2015 above its lowest 22 bits, so every id below 4,194,304
would have been made in the first millisecond of 2015, before Discord existed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from socialcube.sandbox.world import tokens
from socialcube.sandbox.world.permissions import ALL, BASIC, Permission
from socialcube.sandbox.world.records import (
    Application,
    Channel,
    Guild,
    Member,
    Overwrite,
    Role,
    State,
    User,
)

MARA, JONAS, PRIYA, THEO = 1001, 1002, 1003, 1004
FERN, HARBOR = 2001, 2002
GREENHOUSE, ROLLCALL, TAVERN = 5001, 5002, 5003

_FIRST_DAY: Final = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
_BOT_PERMISSIONS: Final = BASIC | Permission.MANAGE_MESSAGES


def seeded() -> State:
    """Make a fresh world. Only its tokens and secrets are random."""
    state = State()
    for user in _people():
        state.users[user.id] = user
    for guild in (_fern_street(), _harbor_club()):
        state.guilds[guild.id] = guild
    for application in _applications():
        state.applications[application.id] = application
        state.users[application.id] = User(application.id, application.name, bot=True)
    for guild_id, bots in ((FERN, (GREENHOUSE, ROLLCALL, TAVERN)), (HARBOR, (ROLLCALL, TAVERN))):
        for bot_id in bots:
            install(state, guild_id, bot_id, role_id=guild_id * 10 + bot_id, at=_FIRST_DAY)
    return state


def founded(guild_id: int, name: str, at: datetime) -> Guild:
    """Make a guild of which Mara is the only member."""
    guild = Guild(guild_id, name, owner_id=MARA)
    _fill(guild, [])
    guild.members[MARA] = Member(MARA, at)
    return guild


def install(state: State, guild_id: int, application_id: int, *, role_id: int, at: datetime) -> None:
    """Make a bot a member of a guild, with a role of its own as Discord does."""
    guild, name = state.guilds[guild_id], state.applications[application_id].name
    guild.roles[role_id] = Role(role_id, name, int(_BOT_PERMISSIONS), position=1, bot_id=application_id)
    guild.members[application_id] = Member(application_id, at, [role_id])


def _people() -> Iterable[User]:
    yield User(MARA, "mara", "Mara", part="admin")
    yield User(JONAS, "jonas", "Jonas", part="editor")
    yield User(PRIYA, "priya", "Priya", part="viewer")
    yield User(THEO, "theo", "Theo", part="stranger")


def _fern_street() -> Guild:
    guild = Guild(FERN, "Fern Street", owner_id=MARA)
    staff = Role(
        4001, "Staff", BASIC | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES, 3, 0x2F9E6E, hoist=True
    )
    gardener = Role(4002, "Gardener", BASIC, 2, 0xC27C0E, mentionable=True)
    _fill(guild, [staff, gardener])
    hidden_from_most = [
        Overwrite(FERN, 0, deny=int(Permission.VIEW_CHANNEL)),
        Overwrite(staff.id, 0, allow=int(Permission.VIEW_CHANNEL)),
    ]
    _add_channels(
        guild,
        Channel(3001, FERN, "Street", kind=4),
        Channel(3002, FERN, "general", topic="Everything green", parent_id=3001),
        Channel(3003, FERN, "plants", topic="Photos, questions and cuttings to give away", parent_id=3001),
        Channel(3004, FERN, "bots", topic="Try the bots here", parent_id=3001),
        Channel(3005, FERN, "staff", topic="For those who look after the place", overwrites=hidden_from_most),
        Channel(3006, FERN, "Porch", kind=2),
    )
    _add_members(guild, {MARA: [staff.id], JONAS: [staff.id], PRIYA: [gardener.id], THEO: []})
    return guild


def _harbor_club() -> Guild:
    guild = Guild(HARBOR, "Harbor Club", owner_id=MARA)
    admin = Role(4011, "Captain", ALL, 3, 0x3D6FD6, hoist=True)
    crew = Role(4012, "Crew", BASIC, 2, 0x8E6FD6, mentionable=True)
    _fill(guild, [admin, crew])
    read_only = [
        Overwrite(HARBOR, 0, deny=int(Permission.SEND_MESSAGES)),
        Overwrite(admin.id, 0, allow=int(Permission.SEND_MESSAGES)),
    ]
    _add_channels(
        guild,
        Channel(3011, HARBOR, "welcome", topic="Start here", overwrites=read_only),
        Channel(3012, HARBOR, "deck", topic="Talk about anything"),
        Channel(3013, HARBOR, "game-night", topic="Thursdays at eight"),
    )
    _add_members(guild, {MARA: [admin.id], JONAS: [crew.id], PRIYA: [crew.id]})
    return guild


def _applications() -> Iterable[Application]:
    described = (
        (GREENHOUSE, "Greenhouse", "Reminds Fern Street to water its plants."),
        (ROLLCALL, "Rollcall", "Counts who comes."),
        (TAVERN, "Tavern", "Runs game night."),
    )
    for application_id, name, description in described:
        yield Application(
            application_id,
            name,
            owner_id=MARA,
            secret=tokens.client_secret(),
            description=description,
            token=tokens.bot_token(application_id),
        )


def _fill(guild: Guild, roles: list[Role]) -> None:
    everyone = Role(guild.id, "@everyone", BASIC)
    guild.roles = {role.id: role for role in (everyone, *roles)}


def _add_channels(guild: Guild, *channels: Channel) -> None:
    for position, channel in enumerate(channels):
        channel.position = position
        guild.channels[channel.id] = channel


def _add_members(guild: Guild, roles_of: dict[int, list[int]]) -> None:
    for user_id, role_ids in roles_of.items():
        guild.members[user_id] = Member(user_id, _FIRST_DAY, role_ids)

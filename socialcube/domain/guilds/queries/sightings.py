"""Reads of servers as last seen."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.guilds.errors import BotNotInGuildError, GuildNotFoundError
from socialcube.domain.guilds.models import BotGuild, BotGuildSettings, Channel, Guild, GuildRole
from socialcube.domain.guilds.types import ChannelSnapshot, GuildView, PlaceView, RoleSnapshot
from socialcube.kernel.text import printable


def list_guilds_of_bot(session: Session, bot_id: UUID) -> list[GuildView]:
    """List the servers that the bot is in now, by name."""
    statement = (
        select(Guild, BotGuild)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .where(BotGuild.bot_id == bot_id, BotGuild.left_at.is_(None))
        .order_by(Guild.name, Guild.external_id)
        .execution_options(populate_existing=True)
    )
    return [to_view(guild, place) for guild, place in session.execute(statement)]


def list_guild_names(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, dict[int, str]]:
    """List the servers that each of these bots is in now, by the platform's id."""
    statement = (
        select(BotGuild.bot_id, Guild.external_id, Guild.name)
        .join(Guild, Guild.id == BotGuild.guild_id)
        .where(BotGuild.bot_id.in_(bot_ids), BotGuild.left_at.is_(None))
    )
    names: dict[UUID, dict[int, str]] = {bot_id: {} for bot_id in bot_ids}
    for bot_id, external_id, name in session.execute(statement):
        names[bot_id][external_id] = name
    return names


def list_thing_names(session: Session, guild_ids: Collection[UUID]) -> dict[tuple[UUID, str], str]:
    """List the names of the channels and roles of these servers, by our key of the server and id as text."""
    return {
        (row.guild_id, str(row.external_id)): row.name
        for thing in (GuildRole, Channel)
        for row in session.execute(
            select(thing.guild_id, thing.external_id, thing.name).where(thing.guild_id.in_(guild_ids))
        )
    }


def check_is_in_guild(session: Session, bot_id: UUID, external_id: int) -> None:
    """Make sure that the bot is in a server, as far as we know.

    Raises:
        BotNotInGuildError: it is not.
    """
    guilds = list_guilds_of_bot(session, bot_id)
    if all(guild.external_id != external_id for guild in guilds):
        raise BotNotInGuildError(external_id=external_id, servers=_name_servers(session, bot_id))


def get_guild(session: Session, bot_id: UUID, guild_id: UUID) -> GuildView:
    """Get a server that the bot is in now, by our key of the server.

    Raises:
        BotNotInGuildError: the bot is not there.
    """
    statement = (
        select(Guild, BotGuild)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .where(BotGuild.bot_id == bot_id, BotGuild.guild_id == guild_id, BotGuild.left_at.is_(None))
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).first()
    if row is None:
        raise BotNotInGuildError(external_id=guild_id, servers=_name_servers(session, bot_id))
    return to_view(*row)


def list_places(session: Session, *, scope: Scope, text: str = "") -> list[PlaceView]:
    """List bots in servers, by the server's name.

    Args:
        session: an open session.
        scope: the bots that whoever asks may see the servers of.
        text: part of the server's name or id.
    """
    version = func.coalesce(BotGuildSettings.version, 0)
    statement = (
        select(Guild, BotGuild, version)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .outerjoin(
            BotGuildSettings,
            and_(BotGuildSettings.bot_id == BotGuild.bot_id, BotGuildSettings.guild_id == Guild.id),
        )
        .where(BotGuild.left_at.is_(None))
        .order_by(Guild.name, Guild.external_id, BotGuild.bot_id)
        .execution_options(populate_existing=True)
    )
    if not scope.is_all:
        statement = statement.where(BotGuild.bot_id.in_(scope.bot_ids))
    if wanted := text.strip():
        is_named = Guild.name.icontains(wanted, autoescape=True)
        statement = statement.where(
            or_(is_named, cast(Guild.external_id, String).contains(wanted, autoescape=True))
        )
    return [
        PlaceView(place.bot_id, to_view(guild, place), number)
        for guild, place, number in session.execute(statement)
    ]


def find_guild_id(session: Session, platform: str, external_id: int) -> UUID | None:
    """Find our key of a server."""
    statement = select(Guild.id).where(Guild.platform == platform, Guild.external_id == external_id)
    return session.scalars(statement).one_or_none()


def find_icon(session: Session, platform: str, external_id: int) -> str | None:
    """Find the hash of a server's picture."""
    statement = select(Guild.icon).where(Guild.platform == platform, Guild.external_id == external_id)
    return session.scalar(statement)


def get_guild_id(session: Session, platform: str, external_id: int) -> UUID:
    """Get our key of a server.

    Raises:
        GuildNotFoundError: no bot has seen it.
    """
    guild_id = find_guild_id(session, platform, external_id)
    if guild_id is None:
        raise GuildNotFoundError(external_id=external_id)
    return guild_id


def list_channels(session: Session, guild_id: UUID) -> list[ChannelSnapshot]:
    """List a server's channels as last seen, in their order."""
    statement = (
        select(Channel)
        .where(Channel.guild_id == guild_id)
        .order_by(Channel.position, Channel.external_id)
        .execution_options(populate_existing=True)
    )
    return [
        ChannelSnapshot(
            external_id=channel.external_id,
            name=channel.name,
            kind=channel.kind,
            position=channel.position,
            parent_external_id=channel.parent_external_id,
        )
        for channel in session.scalars(statement)
    ]


def list_roles(session: Session, guild_id: UUID) -> list[RoleSnapshot]:
    """List a server's roles as last seen, the highest first."""
    statement = (
        select(GuildRole)
        .where(GuildRole.guild_id == guild_id)
        .order_by(GuildRole.position.desc(), GuildRole.external_id)
        .execution_options(populate_existing=True)
    )
    return [
        RoleSnapshot(
            external_id=role.external_id,
            name=role.name,
            colour=role.colour,
            position=role.position,
            permissions=role.permissions,
            managed=role.managed,
        )
        for role in session.scalars(statement)
    ]


def _name_servers(session: Session, bot_id: UUID) -> str:
    guilds = list_guilds_of_bot(session, bot_id)
    names = [f"{printable(guild.name)} ({guild.external_id})" for guild in guilds]
    return ", ".join(names) or "no server yet"


def to_view(guild: Guild, place: BotGuild) -> GuildView:
    """Give a server as one of its bots has it."""
    return GuildView(
        id=guild.id,
        platform=guild.platform,
        external_id=guild.external_id,
        name=guild.name,
        icon=guild.icon,
        owner_external_id=guild.owner_external_id,
        permissions=place.permissions,
        joined_at=place.joined_at,
        seen_at=guild.seen_at,
    )

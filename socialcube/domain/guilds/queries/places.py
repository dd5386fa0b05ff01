"""Reads of bots in servers: what each may do there, and what was known before."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.guilds.models import BotGuild, BotGuildSettings, Channel, Guild, GuildRole
from socialcube.domain.guilds.queries.sightings import to_view
from socialcube.domain.guilds.types import PlaceBefore, PlaceSight, PlacesMark


def find_place(session: Session, bot_id: UUID, guild_id: UUID) -> PlaceSight | None:
    """Find a bot in a server by our key of the server, one that it has left too."""
    statement = _sights().where(BotGuild.bot_id == bot_id, BotGuild.guild_id == guild_id)
    return next(iter(_gather(session, statement)), None)


def list_sights(
    session: Session, *, scope: Scope, guild_ids: Collection[UUID] | None = None
) -> list[PlaceSight]:
    """List bots in servers with what each may do there, by the server's name.

    Args:
        session: an open session.
        scope: the bots that whoever asks may see the servers of.
        guild_ids: only these servers, by our keys; None for all.
    """
    statement = _sights().where(BotGuild.left_at.is_(None), *_in_scope(BotGuild, scope))
    if guild_ids is not None:
        statement = statement.where(Guild.id.in_(guild_ids))
    return _gather(session, statement)


def list_channel_names(session: Session, channel_ids: Iterable[int]) -> dict[int, str]:
    """Give the names of channels by the platform's id. One that is gone is left out."""
    statement = select(Channel.external_id, Channel.name).where(Channel.external_id.in_(set(channel_ids)))
    return {row[0]: row[1] for row in session.execute(statement)}


def find_before(session: Session, bot_id: UUID, platform: str, external_id: int) -> PlaceBefore | None:
    """Find what is stored of a bot in a server; None when it was never seen there."""
    statement = (
        select(Guild.name, BotGuild.permissions, BotGuild.left_at, BotGuild.unavailable_at)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .where(BotGuild.bot_id == bot_id, Guild.platform == platform, Guild.external_id == external_id)
    )
    row = session.execute(statement).first()
    return None if row is None else PlaceBefore(row[0], row[1], row[2] is None, row[3] is not None)


def list_marks(session: Session) -> dict[UUID, PlacesMark]:
    """Give for each bot what moves when anything about its servers does. A bot in none is left out."""
    statement = (
        select(BotGuild.bot_id, func.count(), func.count(BotGuild.unavailable_at), func.max(Guild.seen_at))
        .join(Guild, Guild.id == BotGuild.guild_id)
        .where(BotGuild.left_at.is_(None))
        .group_by(BotGuild.bot_id)
    )
    return {row[0]: PlacesMark(row[1], row[2], row[3]) for row in session.execute(statement)}


def _in_scope(table: Any, scope: Scope) -> list[Any]:
    return [] if scope.is_all else [table.bot_id.in_(scope.bot_ids)]


def _sights() -> Select[Guild, BotGuild, int, BotGuildSettings]:
    # Everybody's role has the id of the server (Discord docs, Permissions, "Role Object").
    everyone = and_(GuildRole.guild_id == Guild.id, GuildRole.external_id == Guild.external_id)
    is_set = and_(BotGuildSettings.bot_id == BotGuild.bot_id, BotGuildSettings.guild_id == Guild.id)
    return (
        select(Guild, BotGuild, GuildRole.permissions, BotGuildSettings)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .outerjoin(GuildRole, everyone)
        .outerjoin(BotGuildSettings, is_set)
        .order_by(Guild.name, Guild.external_id, BotGuild.bot_id)
        .execution_options(populate_existing=True)
    )


def _gather(session: Session, statement: Select[Guild, BotGuild, int, BotGuildSettings]) -> list[PlaceSight]:
    return [_to_sight(*row) for row in session.execute(statement)]


def _to_sight(
    guild: Guild, place: BotGuild, everyone: int | None, settings: BotGuildSettings | None
) -> PlaceSight:
    return PlaceSight(
        bot_id=place.bot_id,
        guild=to_view(guild, place),
        unavailable_at=place.unavailable_at,
        left_at=place.left_at,
        everyone=everyone or 0,
        channel_permissions=_read_bits(place.channel_permissions),
        log_channel_id=settings.log_channel_id if settings else None,
        disabled_commands=_read_keys(settings.disabled_commands) if settings else frozenset(),
        settings_version=settings.version if settings else 0,
    )


def _read_bits(stored: Mapping[str, object]) -> dict[int, int]:
    return {int(key): bits for key, bits in stored.items() if isinstance(bits, int)}


def _read_keys(stored: Iterable[object]) -> frozenset[UUID]:
    return frozenset(UUID(str(key)) for key in stored)

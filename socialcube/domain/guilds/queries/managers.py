"""Reads of what the managers of servers may do. What is fresh is decided by the database's clock."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from socialcube.db.types import now_plus
from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.guilds.models import BotGuild, BotManagerRules, Guild, ManagerCheckRow
from socialcube.domain.guilds.policy import CHECK_SECONDS
from socialcube.domain.guilds.types import ManagerCheck, ManagerRules, OpenServer, ServerFace


def get_manager_rules(session: Session, bot_id: UUID) -> ManagerRules:
    """Get what a bot lets the managers of its servers do; nothing, while nobody said otherwise."""
    row = session.get(BotManagerRules, bot_id, populate_existing=True)
    return ManagerRules(bot_id) if row is None else ManagerRules(bot_id, row.is_open, row.may_switch_commands)


def find_open_server(session: Session, platform: str, external_id: int) -> OpenServer | None:
    """Find a server by the platform's id, if a bot there lets its managers set things."""
    return next(iter(list_open_servers(session, platform, [external_id])), None)


def list_open_servers(session: Session, platform: str, external_ids: Collection[int]) -> list[OpenServer]:
    """List those of the servers in which a bot lets its managers set things, by name."""
    statement = _open_places().where(Guild.platform == platform, Guild.external_id.in_(external_ids))
    return _gather(session, statement)


def list_known_servers(session: Session, platform: str, user_external_id: int) -> list[OpenServer]:
    """List the open servers that a person managed when it was last asked, however long ago, by name."""
    statement = (
        _open_places()
        .join(ManagerCheckRow, ManagerCheckRow.guild_id == Guild.id)
        .where(
            Guild.platform == platform,
            ManagerCheckRow.user_external_id == user_external_id,
            ManagerCheckRow.is_manager,
        )
    )
    return _gather(session, statement)


def find_manager_check(session: Session, guild_id: UUID, user_external_id: int) -> ManagerCheck | None:
    """Find what the platform last said about a person in a server."""
    statement = select(ManagerCheckRow.is_manager, ManagerCheckRow.checked_at > now_plus(-CHECK_SECONDS))
    row = session.execute(
        statement.where(
            ManagerCheckRow.guild_id == guild_id, ManagerCheckRow.user_external_id == user_external_id
        )
    ).first()
    return None if row is None else ManagerCheck(row[0], bool(row[1]))


def list_managed(session: Session, user_external_id: int) -> frozenset[tuple[UUID, UUID]]:
    """List the places that a person may set things for now, as `Actor.managed` holds them.

    A place is there while the platform said so lately, the bot's owner allows it and the bot is there.
    """
    statement = (
        _open_places()
        .join(ManagerCheckRow, ManagerCheckRow.guild_id == Guild.id)
        .where(
            ManagerCheckRow.user_external_id == user_external_id,
            ManagerCheckRow.is_manager,
            ManagerCheckRow.checked_at > now_plus(-CHECK_SECONDS),
        )
    )
    servers = _gather(session, statement)
    return frozenset((bot_id, server.face.id) for server in servers for bot_id in server.bot_ids)


def _open_places() -> Select[Guild, UUID]:
    return (
        select(Guild, BotGuild.bot_id)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .join(BotManagerRules, BotManagerRules.bot_id == BotGuild.bot_id)
        .where(BotGuild.left_at.is_(None), BotManagerRules.is_open)
        .order_by(Guild.name, Guild.external_id)
        .execution_options(populate_existing=True)
    )


def _gather(session: Session, statement: Select[Guild, UUID]) -> list[OpenServer]:
    places = session.execute(statement).all()
    names = _living(session, (bot_id for _, bot_id in places))
    faces: dict[UUID, ServerFace] = {}
    found: dict[UUID, list[UUID]] = {}
    for guild, bot_id in places:
        if bot_id in names:
            faces[guild.id] = ServerFace(guild.id, guild.platform, guild.external_id, guild.name, guild.icon)
            found.setdefault(guild.id, []).append(bot_id)
    return [OpenServer(faces[key], tuple(sorted(ids, key=names.__getitem__))) for key, ids in found.items()]


def _living(session: Session, bot_ids: Iterable[UUID]) -> dict[UUID, tuple[str, UUID]]:
    """Give a place in the order of names to each bot that is not deleted."""
    scope = Scope(is_all=False, bot_ids=frozenset(bot_ids))
    return {bot.id: (bot.name, bot.id) for bot in bots.list_bots(session, scope=scope)} if scope else {}

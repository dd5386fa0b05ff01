"""What runners see of servers. Several bots may see the same server at once."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.guilds.events import BotGuildsChanged
from socialcube.domain.guilds.models import BotGuild, Channel, Guild, GuildRole
from socialcube.domain.guilds.policy import CHANNEL_MASK, fit_bits, fit_icon, fit_name, shard_of
from socialcube.domain.guilds.queries import find_guild_id, get_guild_id
from socialcube.domain.guilds.types import ChannelSnapshot, GuildSnapshot, RoleSnapshot
from socialcube.kernel.ids import new_id


def sync_guild(uow: UnitOfWork, bot_id: UUID, platform: str, snapshot: GuildSnapshot) -> UUID:
    """Store a server as one of its bots sees it now, and that the bot is in it.

    Returns:
        Our key of the server.
    """
    guild_id = _store_guild(uow, platform, snapshot)
    _store_place(uow, bot_id, guild_id, snapshot)
    _store_channels(uow, guild_id, snapshot.channels)
    _store_roles(uow, guild_id, snapshot.roles)
    uow.record(BotGuildsChanged(bot_id))
    return guild_id


def leave_guild(uow: UnitOfWork, bot_id: UUID, platform: str, external_id: int) -> bool:
    """Note that the bot is in a server no more. Gives whether it was, as far as we knew."""
    guild_id = find_guild_id(uow.session, platform, external_id)
    return guild_id is not None and _leave(uow, bot_id, [guild_id]) == 1


def note_unavailable(uow: UnitOfWork, bot_id: UUID, platform: str, external_id: int) -> bool:
    """Note that the platform cannot reach a server that the bot is in.

    Gives whether that is news. The next `sync_guild` takes it back.
    """
    guild_id = find_guild_id(uow.session, platform, external_id)
    statement = (
        update(BotGuild)
        .where(
            BotGuild.bot_id == bot_id,
            BotGuild.guild_id == guild_id,
            BotGuild.left_at.is_(None),
            BotGuild.unavailable_at.is_(None),
        )
        .values(unavailable_at=uow.clock.now())
        .execution_options(synchronize_session=False)
    )
    is_news = guild_id is not None and uow.session.connection().execute(statement).rowcount == 1
    if is_news:
        uow.record(BotGuildsChanged(bot_id))
    return is_news


def sync_membership(  # noqa: PLR0913 - each part of the question has its own name
    uow: UnitOfWork,
    bot_id: UUID,
    platform: str,
    external_ids: Collection[int],
    *,
    shard: int = 0,
    shard_count: int = 1,
) -> int:
    """Note that the bot is in these servers at most. Gives how many it left while nobody looked.

    Servers it joined are stored by `sync_guild`, which knows what they look like.

    Args:
        uow: an open write unit.
        bot_id: the bot.
        platform: where the servers are.
        external_ids: those that a session of the bot names, by the platform's id.
        shard: the part of the bot whose session that is; servers of its other parts are left alone.
        shard_count: in how many parts it runs.
    """
    statement = (
        select(Guild.id, Guild.external_id)
        .join(BotGuild, BotGuild.guild_id == Guild.id)
        .where(BotGuild.bot_id == bot_id, BotGuild.left_at.is_(None), Guild.platform == platform)
    )
    present = frozenset(external_ids)
    gone = [
        guild_id
        for guild_id, external_id in uow.session.execute(statement)
        if external_id not in present and shard_of(external_id, shard_count) == shard
    ]
    return _leave(uow, bot_id, gone)


def _leave(uow: UnitOfWork, bot_id: UUID, guild_ids: Collection[UUID]) -> int:
    if not guild_ids:
        return 0
    statement = (
        update(BotGuild)
        .where(BotGuild.bot_id == bot_id, BotGuild.guild_id.in_(guild_ids), BotGuild.left_at.is_(None))
        .values(left_at=uow.clock.now(), unavailable_at=None)
        .execution_options(synchronize_session=False)
    )
    left = uow.session.connection().execute(statement).rowcount
    if left:
        uow.record(BotGuildsChanged(bot_id))
    return left


def _store_guild(uow: UnitOfWork, platform: str, snapshot: GuildSnapshot) -> UUID:
    row = {
        "id": new_id(),
        "platform": platform,
        "external_id": snapshot.external_id,
        "name": fit_name(snapshot.name),
        "icon": fit_icon(snapshot.icon),
        "owner_external_id": snapshot.owner_external_id,
        "seen_at": uow.clock.now(),
    }
    upsert(
        uow.session,
        Guild,
        [row],
        key=[Guild.platform, Guild.external_id],
        update=[Guild.name, Guild.icon, Guild.owner_external_id, Guild.seen_at],
    )
    return get_guild_id(uow.session, platform, snapshot.external_id)


def _store_place(uow: UnitOfWork, bot_id: UUID, guild_id: UUID, snapshot: GuildSnapshot) -> None:
    place = uow.session.get(BotGuild, (bot_id, guild_id), populate_existing=True)
    came_back = place is None or place.left_at is not None
    row = {
        "bot_id": bot_id,
        "guild_id": guild_id,
        "permissions": fit_bits(snapshot.permissions),
        "channel_permissions": _own_rules(snapshot),
        "joined_at": uow.clock.now(),
        "left_at": None,
        "unavailable_at": None,
    }
    # A bot that merely reconnected has been in the server all the time.
    update_columns = [
        BotGuild.permissions,
        BotGuild.channel_permissions,
        BotGuild.left_at,
        BotGuild.unavailable_at,
        *([BotGuild.joined_at] if came_back else []),
    ]
    upsert(uow.session, BotGuild, [row], key=[BotGuild.bot_id, BotGuild.guild_id], update=update_columns)


def _own_rules(snapshot: GuildSnapshot) -> dict[str, int]:
    """Give the channels in which the bot may see or write otherwise than in the whole server."""
    usual = snapshot.permissions & CHANNEL_MASK
    kept = {
        str(channel.external_id): channel.permissions & CHANNEL_MASK
        for channel in snapshot.channels
        if channel.permissions is not None
    }
    return {channel_id: bits for channel_id, bits in kept.items() if bits != usual}


def _store_channels(uow: UnitOfWork, guild_id: UUID, channels: Iterable[ChannelSnapshot]) -> None:
    rows: dict[int, dict[str, object]] = {
        channel.external_id: {
            "id": new_id(),
            "guild_id": guild_id,
            "external_id": channel.external_id,
            "parent_external_id": channel.parent_external_id,
            "name": fit_name(channel.name),
            "kind": channel.kind,
            "position": channel.position,
        }
        for channel in channels
    }
    _replace(uow, Channel, guild_id, rows, ("parent_external_id", "name", "kind", "position"))


def _store_roles(uow: UnitOfWork, guild_id: UUID, roles: Iterable[RoleSnapshot]) -> None:
    rows: dict[int, dict[str, object]] = {
        role.external_id: {
            "id": new_id(),
            "guild_id": guild_id,
            "external_id": role.external_id,
            "name": fit_name(role.name),
            "colour": role.colour,
            "position": role.position,
            "permissions": fit_bits(role.permissions),
            "managed": role.managed,
        }
        for role in roles
    }
    _replace(uow, GuildRole, guild_id, rows, ("name", "colour", "position", "permissions", "managed"))


def _replace(
    uow: UnitOfWork,
    model: type[Channel | GuildRole],
    guild_id: UUID,
    rows: dict[int, dict[str, object]],
    columns: tuple[str, ...],
) -> None:
    """Make the server's rows be these. Ordered by id, so that two writers lock them in the same order."""
    uow.session.execute(
        delete(model)
        .where(model.guild_id == guild_id, model.external_id.not_in(list(rows)))
        .execution_options(synchronize_session=False)
    )
    upsert(
        uow.session,
        model,
        [rows[external_id] for external_id in sorted(rows)],
        key=[model.guild_id, model.external_id],
        update=[getattr(model, column) for column in columns],
    )

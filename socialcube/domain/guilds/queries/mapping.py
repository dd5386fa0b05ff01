"""The map of servers: which are on a page, and how many have something wrong, found by the database."""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from socialcube.db.types import number_at
from socialcube.domain.guilds.models import BotGuild, BotGuildSettings, Channel, Guild, GuildRole
from socialcube.domain.guilds.policy import ADMINISTRATOR, CHANNEL_MASK, PERMISSIONS
from socialcube.domain.guilds.types import ServerProblem

_ORDER: Final = (func.lower(Guild.name), Guild.external_id)
_HERE: Final = aliased(Guild)
"""The server of a place, where the servers of the map are asked for in the same statement."""

_ADMINISTERS: Final = BotGuild.permissions.bitwise_and(ADMINISTRATOR.mask) != 0
_STRONG: Final = [permission.mask for permission in PERMISSIONS.values() if permission.is_strong]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the map is about.

    Attributes:
        bot_ids: the bots of it. Deleted ones are left out by whoever asks.
        needs: what live commands need: `bot_id`, `command_id`, `guild_id` (the platform's, None for all
            servers) and `mask`, the permission bits.
        names: names of live commands that may be told: `bot_id`, `guild_id` as above, and `name`.
        text: part of the server's name or id.
        is_shared: only servers that hold at least two of the bots.
    """

    bot_ids: frozenset[UUID]
    needs: FromClause
    names: FromClause
    text: str = ""
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class MapPage:
    """The servers of a page by our keys, in order, and whether others stand before and behind them."""

    guild_ids: tuple[UUID, ...]
    has_earlier: bool
    has_later: bool


def list_map_page(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    about: Mapped,
    limit: int,
    *,
    problem: ServerProblem | None = None,
    after: UUID | None = None,
    before: UUID | None = None,
) -> MapPage:
    """List servers by name from one of them on. The last page costs what the first does.

    Args:
        session: an open session.
        about: what the map is about.
        limit: servers of a page.
        problem: only servers in which this is wrong; None for all.
        after: the server that the page before ended with. One that is gone stands for the beginning.
        before: the server that the page behind begins with.
    """
    statement = _servers(about)
    if problem is not None:
        statement = statement.where(_has(about, problem))
    place = _find_place(session, before or after)
    if place is None or before is None:
        rows = statement.where(*_beyond(place)).order_by(*_ORDER).limit(limit + 1)
        found = list(session.scalars(rows))
        return MapPage(tuple(found[:limit]), place is not None, len(found) > limit)
    rows = statement.where(not_(or_(*_beyond(place))), Guild.id != before)
    found = list(session.scalars(rows.order_by(*(key.desc() for key in _ORDER)).limit(limit + 1)))
    return MapPage(tuple(reversed(found[:limit])), len(found) > limit, has_later=True)


def count_map(session: Session, about: Mapped, most: int) -> dict[ServerProblem | None, int]:
    """Count the servers, under None, and those in which each thing is wrong; so many are read at most."""
    kinds = [problem for problem in ServerProblem if problem is not ServerProblem.ANY]
    flags = [_flag(_has(about, kind)).label(kind.value) for kind in kinds]
    # With its limit it is worked out before it is summed up, so that each kind is looked for once.
    read = _servers(about).add_columns(*flags).limit(most).subquery().c
    wrong: dict[ServerProblem, ColumnElement[bool]] = {kind: read[kind.value] == 1 for kind in kinds}
    wrong[ServerProblem.ANY] = or_(*wrong.values())
    total, *found = session.execute(
        select(func.count(), *(func.sum(_flag(each)) for each in wrong.values()))
    ).one()
    return {None: total, **{kind: int(count or 0) for kind, count in zip(wrong, found, strict=True)}}


def _find_place(session: Session, guild_id: UUID | None) -> tuple[str, int] | None:
    if guild_id is None:
        return None
    row = session.execute(select(*_ORDER).where(Guild.id == guild_id)).first()
    return None if row is None else (row[0], row[1])


def _beyond(place: tuple[str, int] | None) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    (name, key), (last_name, last_key) = _ORDER, place
    return [or_(name > last_name, and_(name == last_name, key > last_key))]


def _servers(about: Mapped) -> Select[UUID]:
    held = (
        select(BotGuild.guild_id)
        .where(*_is_there(about))
        .group_by(BotGuild.guild_id)
        .having(func.count() > int(about.is_shared))
    )
    statement = select(Guild.id).where(Guild.id.in_(held))
    if wanted := about.text.strip():
        is_named = Guild.name.icontains(wanted, autoescape=True)
        statement = statement.where(
            or_(is_named, cast(Guild.external_id, String).contains(wanted, autoescape=True))
        )
    return statement


def _is_there(about: Mapped) -> tuple[ColumnElement[bool], ...]:
    return BotGuild.left_at.is_(None), BotGuild.bot_id.in_(about.bot_ids)


def _has(about: Mapped, problem: ServerProblem) -> ColumnElement[bool]:
    """Tell whether something is wrong in a server. Each kind is found once, for all servers together."""
    match problem:
        case ServerProblem.COLLISIONS:
            return Guild.id.in_(_clashing(about))
        case ServerProblem.TOO_LITTLE:
            return Guild.id.in_(_unfit(about, _lacks(about)))
        case ServerProblem.TOO_MUCH:
            return Guild.id.in_(_unfit(about, or_(_ADMINISTERS, _has_excess(about))))
        case ServerProblem.ANY:
            return or_(*(_has(about, each) for each in ServerProblem if each is not problem))


def _clashing(about: Mapped) -> Select[UUID]:
    """Give the servers in which two bots show a command of one name, as `find_collisions` finds them."""
    names, server = about.names.c, aliased(Guild)
    of_several = select(names.name).group_by(names.name).having(func.count(names.bot_id.distinct()) > 1)
    return (
        select(BotGuild.guild_id)
        .join(about.names, names.bot_id == BotGuild.bot_id)
        .join(server, server.id == BotGuild.guild_id)
        .where(
            *_is_there(about),
            names.name.in_(of_several),
            or_(names.guild_id.is_(None), names.guild_id == server.external_id),
        )
        .group_by(BotGuild.guild_id, names.name)
        .having(func.count(names.bot_id.distinct()) > 1)
    )


def _unfit(about: Mapped, condition: ColumnElement[bool]) -> Select[UUID]:
    """Give the servers with a bot of which `policy.judge` would say this."""
    everyone = and_(GuildRole.guild_id == _HERE.id, GuildRole.external_id == _HERE.external_id)
    is_set = and_(BotGuildSettings.bot_id == BotGuild.bot_id, BotGuildSettings.guild_id == _HERE.id)
    return (
        select(BotGuild.guild_id)
        .join(_HERE, _HERE.id == BotGuild.guild_id)
        .outerjoin(GuildRole, everyone)
        .outerjoin(BotGuildSettings, is_set)
        .where(*_is_there(about), condition)
    )


def _lacks(about: Mapped) -> ColumnElement[bool]:
    is_missing = about.needs.c.mask.bitwise_and(BotGuild.permissions.bitwise_not()) != 0
    lacking = and_(_has_needs(about), exists(_counting(about, literal(1)).where(is_missing)))
    log_channel = BotGuildSettings.log_channel_id
    known = select(literal(1)).where(Channel.guild_id == _HERE.id, Channel.external_id == log_channel)
    own_bits = number_at(BotGuild.channel_permissions, log_channel)
    there = func.coalesce(own_bits, BotGuild.permissions)
    cannot_post = there.bitwise_and(CHANNEL_MASK) != CHANNEL_MASK
    is_gone = not_(exists(known.correlate(_HERE, BotGuildSettings)))
    return or_(
        and_(not_(_ADMINISTERS), lacking),
        and_(log_channel.is_not(None), or_(is_gone, and_(not_(_ADMINISTERS), cannot_post))),
    )


def _has_excess(about: Mapped) -> ColumnElement[bool]:
    """Tell whether a bot has something strong that neither its commands need nor everybody has there."""
    # SQLite has no aggregate that joins bits: each strong bit is there once, or not at all.
    bits = [func.max(about.needs.c.mask.bitwise_and(mask)) for mask in _STRONG]
    joined = func.coalesce(_counting(about, reduce(add, bits)).scalar_subquery(), 0)
    needed = case((_has_needs(about), joined), else_=0)
    held = BotGuild.permissions.bitwise_and(sum(_STRONG))
    idle = held.bitwise_and(func.coalesce(GuildRole.permissions, 0).bitwise_not())
    return idle.bitwise_and(needed.bitwise_not()) != 0


def _has_needs(about: Mapped) -> ColumnElement[bool]:
    """Tell whether a bot has commands that need anything: most have none, and there is nothing to look up."""
    return BotGuild.bot_id.in_(select(about.needs.c.bot_id))


def _counting(about: Mapped, column: Any) -> Select[Any]:
    """Give what counts of the needs of a bot in a server: commands that are there and not switched off."""
    needs = about.needs.c
    disabled = func.coalesce(cast(BotGuildSettings.disabled_commands, String), "")
    return (
        select(column)
        .select_from(about.needs)
        .where(
            needs.bot_id == BotGuild.bot_id,
            or_(needs.guild_id.is_(None), needs.guild_id == _HERE.external_id),
            # The keys stand in a JSON list; SQLite writes those of its tables without hyphens.
            not_(_bare(disabled).contains(_bare(cast(needs.command_id, String)))),
        )
        .correlate(BotGuild, _HERE, BotGuildSettings)
    )


def _bare(text: Any) -> Any:
    return func.replace(text, "-", "", type_=String())


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)

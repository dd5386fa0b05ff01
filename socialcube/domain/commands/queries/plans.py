"""Reads of what runners found at the platform, and of what live commands are and need."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, func, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.commands.models import Command, CommandCreates, CommandLookRow, CommandVersion
from socialcube.domain.commands.queries.reading import is_live_version
from socialcube.domain.commands.types import CommandKey, CommandLook
from socialcube.domain.guilds.policy import PERMISSIONS
from socialcube.domain.guilds.types import PermissionNeed
from socialcube.engine.registry import find_action

CREATES_WINDOW: Final = timedelta(hours=24)
_EVERYWHERE: Final = 0


def count_created(session: Session, bot_id: UUID, now: datetime) -> dict[int | None, int]:
    """Count the commands that were created for a bot in the last 24 hours, by place; None is everywhere.

    It is counted in whole hours, so one may count for up to an hour longer than the platform counts it.
    """
    first = (now - CREATES_WINDOW).replace(minute=0, second=0, microsecond=0)
    statement = (
        select(CommandCreates.place, func.sum(CommandCreates.count))
        .where(CommandCreates.bot_id == bot_id, CommandCreates.hour >= first)
        .group_by(CommandCreates.place)
    )
    return {place or None: int(count) for place, count in session.execute(statement)}


def find_look(session: Session, bot_id: UUID) -> CommandLook | None:
    """Find what a runner found when it last compared a bot's commands with the platform."""
    row = session.get(CommandLookRow, bot_id, populate_existing=True)
    return None if row is None else CommandLook(bot_id, row.looked_at, row.differs, row.digest, row.plan)


def count_drift(session: Session, scope: Scope) -> dict[UUID, tuple[int, datetime]]:
    """Count the commands that differ at the platform, by bot, and say when that was found.

    Bots whose commands are as published are left out, and so are those that nobody looked at yet.
    """
    statement = select(CommandLookRow.bot_id, CommandLookRow.differs, CommandLookRow.looked_at).where(
        CommandLookRow.differs > 0, *_in_scope(CommandLookRow.bot_id, scope)
    )
    return {bot_id: (differs, looked_at) for bot_id, differs, looked_at in session.execute(statement)}


def live_names(scope: Scope) -> CTE:
    """Give the names of live commands as a table: `bot_id`, `guild_id` (None for everywhere) and `name`."""
    return (
        select(
            Command.bot_id,
            Command.published_guild_id.label("guild_id"),
            CommandVersion.document["name"].as_string().label("name"),
        )
        .join(CommandVersion, is_live_version())
        .where(Command.is_active, *_in_scope(Command.bot_id, scope))
        .cte("live_names")
        # Without this word a database may read the documents again for each server.
        .prefix_with("MATERIALIZED")
    )


def live_needs() -> CTE:
    """Give what live commands need as a table: `bot_id`, `command_id`, `guild_id` as above, and `mask`."""
    return (
        select(
            Command.bot_id,
            Command.id.label("command_id"),
            Command.published_guild_id.label("guild_id"),
            CommandVersion.needs.label("mask"),
        )
        .join(CommandVersion, is_live_version())
        .where(Command.is_active, CommandVersion.needs != 0)
        .cte("live_needs")
        .prefix_with("MATERIALIZED")
    )


def list_live_keys(session: Session, scope: Scope) -> dict[UUID, list[CommandKey]]:
    """List the places and names of what is live of each bot."""
    statement = (
        select(Command.bot_id, Command.published_guild_id, CommandVersion.document["name"].as_string())
        .join(CommandVersion, is_live_version())
        .where(Command.is_active, *_in_scope(Command.bot_id, scope))
    )
    found: dict[UUID, list[CommandKey]] = {}
    for bot_id, guild_id, name in session.execute(statement):
        found.setdefault(bot_id, []).append((guild_id, name))
    return found


def list_needs(session: Session, scope: Scope) -> dict[UUID, list[PermissionNeed]]:
    """List what the live commands of each bot have to be allowed at the platform, as their actions say.

    Bots whose commands need nothing are left out.
    """
    statement = (
        select(Command.id, Command.bot_id, Command.published_guild_id, CommandVersion.document)
        .join(CommandVersion, is_live_version())
        .where(Command.is_active, CommandVersion.needs != 0, *_in_scope(Command.bot_id, scope))
        .order_by(Command.name)
    )
    found: dict[UUID, list[PermissionNeed]] = {}
    for command_id, bot_id, guild_id, document in session.execute(statement):
        needs = found.setdefault(bot_id, [])
        needs += (
            PermissionNeed(permission, f"for /{document['name']}", command_id, guild_id)
            for permission in sorted(set(permissions_in(document)))
        )
    return found


def mask_of(document: Mapping[str, Any]) -> int:
    """Give what the actions of a command need as permission bits. What nobody knows has none."""
    names = set(permissions_in(document)) & PERMISSIONS.keys()
    return sum(PERMISSIONS[name].mask for name in names)


def permissions_in(document: Mapping[str, Any]) -> Iterator[str]:
    """Give what the actions of a command need, those in its branches too, as the platform names it."""
    waiting: list[object] = [document.get("steps")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, Mapping) and isinstance(item.get("type"), str):
            action = find_action(item["type"])
            if action is not None:
                waiting += (item.get(block) for block in action.blocks)
                if action.permission is not None:
                    yield action.permission


def _in_scope(column: Any, scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.is_all else [column.in_(scope.bot_ids)]

"""Lists of hundreds or thousands of rows, as mappings from the column's name."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries as guilds

_Lines = Iterator[Mapping[str, object]]


def list_bots(session: Session, scope: Scope, text: str) -> _Lines:
    """List bots by name."""
    for bot in bots.list_bots(session, scope=scope, text=text):
        yield {
            "name": bot.name,
            "id": bot.id,
            "external_id": bot.external_id,
            "description": bot.description,
            "tags": ", ".join(bot.tags),
            "state": bot.desired_state,
            "reason": bot.state.sentence,
            "servers": bot.state.guild_count,
            "latency_ms": bot.state.latency_ms,
            "created_at": bot.created_at,
            "updated_at": bot.updated_at,
        }


def list_commands(session: Session, scope: Scope, text: str) -> _Lines:
    """List the commands of each bot by name."""
    for bot in bots.list_bots(session, scope=scope):
        for command in commands.list_commands(session, bot.id):
            if text in f"{command.name}\n{command.description}\n{bot.name}".casefold():
                yield {
                    "bot": bot.name,
                    "name": command.name,
                    "description": command.description,
                    "is_active": command.is_active,
                    "published_version": command.published_version,
                    "has_draft": command.has_draft,
                    "updated_at": command.updated_at,
                    "id": command.id,
                    "bot_id": bot.id,
                }


def list_servers(session: Session, scope: Scope, text: str) -> _Lines:
    """List the servers of each bot by name."""
    names = {bot.id: bot.name for bot in bots.list_bots(session, scope=scope)}
    for place in guilds.list_places(session, scope=scope, text=text):
        guild = place.guild
        yield {
            "bot": names.get(place.bot_id, ""),
            "name": guild.name,
            "external_id": guild.external_id,
            "owner_id": guild.owner_external_id,
            "permissions": guild.permissions,
            "joined_at": guild.joined_at,
            "seen_at": guild.seen_at,
            "bot_id": place.bot_id,
        }

"""Ctrl K: finds bots, servers, commands, runs and pages by a few letters, as far as one may see them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from sqlalchemy import ColumnElement, select

from socialcube.domain.access.types import Permission
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands.models import Command
from socialcube.domain.guilds.models import BotGuild, Guild
from socialcube.domain.logs.models import CommandLog
from socialcube.web import guard, identity
from socialcube.web.admin.scoping import within_bots
from socialcube.web.context import services
from socialcube.web.shell import navigation
from socialcube.web.shell.choice import find_choice, shown

MAX_PLACES: Final = 12
_EACH: Final = 5
_MAX_WORDS: Final = 100

blueprint: Final = Blueprint("jump", __name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go.

    Attributes:
        note: tells places of one name apart.
        icon: name in the sprite.
    """

    kind: str
    label: str
    url: str
    icon: str
    note: str = ""


@blueprint.get("/admin/jump")
@guard.signed_in
def find() -> Response:
    """Give what fits the words, the likeliest kinds first; all pages when nothing was typed."""
    words = request.args.get("q", "").replace("\x00", "").strip().removeprefix("/")[:_MAX_WORDS]
    return jsonify(places=[asdict(place) for place in islice(_places(words), MAX_PLACES)])


def _places(words: str) -> Iterator[Place]:
    if words:
        yield from _runs(words)
        yield from _bots(words)
        yield from _commands(words)
        yield from _servers(words)
    yield from _pages(words)
    if words and (choice := find_choice()):
        yield Place(
            "Action", "Show all bots", url_for("shown_bots.choose"), "filter", f"only {choice.label} now"
        )


def _bots(words: str) -> Iterator[Place]:
    statement = select(Bot.id, Bot.name).where(
        Bot.name.icontains(words, autoescape=True),
        Bot.deleted_at.is_(None),
        _within(Bot.id, Permission.BOT_VIEW),
    )
    for bot_id, name in _read(statement.order_by(Bot.name).limit(_EACH)):
        yield Place("Bot", name, url_for("bot.show", bot_id=bot_id), "bot")


def _commands(words: str) -> Iterator[Place]:
    statement = (
        select(Command.id, Command.name, Bot.name)
        .join(Bot, Bot.id == Command.bot_id)
        .where(
            Command.name.icontains(words, autoescape=True),
            Bot.deleted_at.is_(None),
            _within(Command.bot_id, Permission.COMMAND_VIEW),
        )
    )
    for command_id, name, bot_name in _read(statement.order_by(Command.name).limit(_EACH)):
        yield Place("Command", f"/{name}", url_for("command.show", command_id=command_id), "slash", bot_name)


def _servers(words: str) -> Iterator[Place]:
    held = select(BotGuild.guild_id).where(
        BotGuild.left_at.is_(None), _within(BotGuild.bot_id, Permission.GUILD_VIEW)
    )
    statement = select(Guild.id, Guild.name).where(
        Guild.name.icontains(words, autoescape=True), Guild.id.in_(held)
    )
    for guild_id, name in _read(statement.order_by(Guild.name).limit(_EACH)):
        yield Place("Server", name, url_for("servers.details_view", id=guild_id), "server")


def _runs(words: str) -> Iterator[Place]:
    try:
        event_id = UUID(words)
    except ValueError:
        return
    # Whoever has its id means this run, whichever bots the pages show.
    statement = select(CommandLog.command_name).where(
        CommandLog.event_id == event_id, within_bots(CommandLog.bot_id, identity.scope(Permission.LOG_VIEW))
    )
    for (name,) in _read(statement.limit(1)):
        yield Place("Run", f"/{name}", url_for("runs.show", run_id=event_id), "live", str(event_id)[:8])


def _pages(words: str) -> Iterator[Place]:
    for _, items in navigation.visible_groups(identity.actor()):
        for item, url in items:
            if words.lower() in item.label.lower():
                yield Place("Page", item.label, url, item.icon)
    if identity.scope(Permission.BOT_CREATE) and words.lower() in "new bot" and _is_there("new_bot.show"):
        yield Place("Action", "New bot", url_for("new_bot.show"), "plus")


def _is_there(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _within(column: Any, permission: Permission) -> ColumnElement[bool]:
    return within_bots(column, shown(identity.scope(permission)))


def _read(statement: Any) -> Any:
    return services().session().execute(statement)

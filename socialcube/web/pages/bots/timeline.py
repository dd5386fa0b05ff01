"""What happened to a bot: from its log, and what people changed about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission
from socialcube.domain.audit import queries as audit
from socialcube.domain.audit.types import AuditEntry
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.types import BotLogRecord, Level, Stream
from socialcube.web.names import name_actor

CHANGES: Final = "changes"

GROUPS: Final = (
    ("", "All kinds", frozenset[str]()),
    (
        "connection",
        "Connection",
        frozenset(
            {
                "claimed",
                "starting",
                "connected",
                "resumed",
                "taken_over",
                "reconnecting",
                "stopped",
                "held",
                "shard_count_changed",
            }
        ),
    ),
    (
        "trouble",
        "Trouble",
        frozenset(
            {
                "held",
                "crashed",
                "reconnecting",
                "commands_problem",
                "commands_waiting",
                "commands_drift",
                "event_skipped",
                "guild_unavailable",
                "invocation_dropped",
                "log_channel_refused",
                "log_channel_waiting",
            }
        ),
    ),
    (
        "servers",
        "Servers",
        frozenset(
            {
                "guild_joined",
                "guild_left",
                "guild_back",
                "guild_renamed",
                "guild_unavailable",
                "guild_permissions",
            }
        ),
    ),
    (
        "commands",
        "Commands",
        frozenset(
            {
                "commands_synced",
                "commands_problem",
                "commands_waiting",
                "commands_drift",
                "commands_left",
                "invocation_dropped",
            }
        ),
    ),
    (CHANGES, "Changes by people", frozenset[str]()),
)
"""What a timeline can be narrowed to: the word in addresses, the words for people, the kinds of log lines."""

_ABOUT_SERVERS: Final = next(kinds for key, _, kinds in GROUPS if key == "servers")

_CHANGED: Final = {
    "bot.create": ("Added", "plus"),
    "bot.restore": ("Restored", "restart"),
    "bot.start": ("Told to start", "play"),
    "bot.stop": ("Told to stop", "stop"),
    "bot.restart": ("Told to restart", "restart"),
    "bot.edit": ("Name or tags changed", "system"),
    "bot.intents": ("What it may see changed", "eye"),
    "bot.presence": ("What it shows changed", "eye"),
    "bot.profile": ("Profile at Discord changed", "image"),
    "bot.reseal": ("Token sealed anew", "shield"),
    "bot.token_replace": ("Token replaced", "key"),
    "bot.panic": ("Token reported as leaked", "key"),
    "bot.fields": ("Fields of server settings changed", "system"),
    "bot.managers": ("Rules for server managers changed", "users"),
    "guild.leave": ("Told to leave a server", "server"),
    "command.apply": ("Changes applied at Discord", "restart"),
    "command.publish": ("Published", "publish"),
    "command.roll_back": ("Went back to an older version of", "undo"),
    "command.switch_on": ("Switched on", "slash"),
    "command.switch_off": ("Switched off", "slash"),
}
"""What people do about a bot, as the timeline says it, and its icon."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline.

    Attributes:
        key: of the row that it is made of.
        tone: class of its colour, empty for what is ordinary.
        icon: name in the sprite.
    """

    key: UUID
    occurred_at: datetime
    title: str
    message: str
    tone: str
    icon: str


def list_happenings(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    bot_id: UUID,
    limit: int,
    filters: LogFilter = ANYTHING,
    *,
    group: str = "",
    may: Collection[Permission] = frozenset(),
) -> list[Happening]:
    """List what happened last to a bot, the newest first.

    Args:
        session: an open session.
        bot_id: the bot.
        limit: how many at most.
        filters: of its log. What people changed has no level, so a level leaves that out.
        group: one of `GROUPS`; all of it by default.
        may: what the viewer may do about the bot. Who made a change, commands and servers are named only
            to those who may see them.
    """
    found: list[Happening] = []
    if group != CHANGES:
        found += _list_logged(session, bot_id, limit, filters, group, may)
    if group in {"", CHANGES} and filters.level is None:
        found += _list_changes(session, bot_id, limit, filters.text or "", may)
    return sorted(found, key=lambda item: item.occurred_at, reverse=True)[:limit]


def _list_logged(  # noqa: PLR0913, PLR0917 - the parts of one question, as they came
    session: Session,
    bot_id: UUID,
    limit: int,
    filters: LogFilter,
    group: str,
    may: Collection[Permission],
) -> list[Happening]:
    kinds = next((kinds for key, _, kinds in GROUPS if key == group), frozenset[str]())
    of_bot = filters.model_copy(update={"bot_ids": frozenset({bot_id}), "kinds": kinds or None})
    rows = logs.list_page(session, Stream.BOTS, None, limit, of_bot).rows
    records = [row.record for row in rows if isinstance(row.record, BotLogRecord)]
    # What is not shown is not found by its words either.
    return [_logged(record, may) for record in records if not (filters.text and _is_hidden(record, may))]


def _is_hidden(record: BotLogRecord, may: Collection[Permission]) -> bool:
    """Tell whether a line names a server to somebody who may not see the bot's servers."""
    return record.kind in _ABOUT_SERVERS and Permission.GUILD_VIEW not in may


def _list_changes(
    session: Session, bot_id: UUID, limit: int, text: str, may: Collection[Permission]
) -> list[Happening]:
    # Nobody may find by a word what is not shown to them.
    words = {
        action: f"{title} /" if action.startswith("command.") and Permission.COMMAND_VIEW in may else title
        for action, (title, _) in _CHANGED.items()
    }
    who = audit.list_actors_of(session, bot_id, words) if text else []
    actors = [actor for actor in who if text.casefold() in _say_who(actor, may).casefold()]
    entries = audit.list_changes_of(session, bot_id, words, limit, text=text, actors=actors)
    return [_changed(entry, may) for entry in entries]


def _logged(record: BotLogRecord, may: Collection[Permission]) -> Happening:
    title, tone, icon = _LOOKS.get(record.kind, (_words(record.kind), "", "info"))
    if record.level == Level.WARNING:
        tone, icon = "warn", "s-unstable"
    if record.level == Level.ERROR and tone != "hold":
        tone, icon = "bad", "l-error"
    message = "" if _is_hidden(record, may) else _say_part(record)
    return Happening(record.event_id, record.occurred_at, title, message, tone, icon)


def _changed(entry: AuditEntry, may: Collection[Permission]) -> Happening:
    title, icon = _CHANGED[entry.action]
    name = (entry.after or {}).get("name")
    if entry.subject_kind == "command" and name and Permission.COMMAND_VIEW in may:
        title = f"{title} /{name}"
    return Happening(entry.event_id, entry.occurred_at, title, _say_who(entry.actor, may), "", icon)


def _say_who(actor: str, may: Collection[Permission]) -> str:
    """Name whoever made a change; people and their keys only to those who manage members."""
    is_person = actor.startswith(("user:", "key:"))
    is_named = Permission.MEMBER_MANAGE in may or not is_person
    return f"By {name_actor(actor)}." if is_named else ""


def _say_part(record: BotLogRecord) -> str:
    """Say which part of the bot a line is about, where it runs in several."""
    shard = record.data.get("shard")
    return f"Shard {shard + 1}: {record.message}" if isinstance(shard, int) else record.message


def _words(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


_LOOKS: Final = {
    "claimed": ("Taken by a runner", "", "play"),
    "starting": ("Starting", "", "play"),
    "connected": ("Online", "ok", "check"),
    "resumed": ("Connection is back", "ok", "check"),
    "taken_over": ("Moved to another runner", "ok", "check"),
    "reconnecting": ("Connection lost", "warn", "s-unstable"),
    "stopped": ("Stopped", "off", "stop"),
    "held": ("Stopped on purpose", "hold", "s-hold"),
    "crashed": ("Crashed", "bad", "l-error"),
    "shard_count_changed": ("Runs in another number of shards", "", "restart"),
    "guild_joined": ("Joined a server", "ok", "server"),
    "guild_left": ("Left a server", "off", "server"),
    "guild_back": ("A server is back", "ok", "server"),
    "guild_renamed": ("A server has another name", "", "server"),
    "guild_unavailable": ("A server cannot be reached", "warn", "s-unstable"),
    "guild_permissions": ("May do something else in a server", "", "shield"),
    "commands_synced": ("Commands in sync", "", "restart"),
    "commands_problem": ("Trouble with commands", "warn", "s-unstable"),
    "commands_waiting": ("Commands wait", "warn", "clock"),
    "commands_drift": ("Commands differ at Discord", "warn", "s-unstable"),
    "commands_left": ("Commands stay at Discord", "warn", "s-unstable"),
    "invocation_dropped": ("A command went unanswered", "warn", "s-unstable"),
}

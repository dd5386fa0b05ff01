"""The map of servers: which hold several bots, and what is wrong there."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.types import ServerProblem
from socialcube.kernel.ids import read_id
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.guilds.blueprint import blueprint
from socialcube.web.pages.guilds.rows import list_rows
from socialcube.web.shell.choice import shown

PAGE: Final = 25
COUNT_LIMIT: Final = 10_001
"""Servers that are counted at most: going on would read all to say a number that nobody uses."""

_MAX_TEXT: Final = 100
_LABELS: Final = {
    ServerProblem.ANY: "Any problem",
    ServerProblem.COLLISIONS: "Same command twice",
    ServerProblem.TOO_LITTLE: "Missing permissions",
    ServerProblem.TOO_MUCH: "Too many permissions",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    Attributes:
        text: part of a server's name or id.
        problem: only servers with it; None for all.
        is_every: whether servers with a single bot are shown too.
        after: the server that the page before ended with.
        before: the server that the page behind begins with.
    """

    text: str = ""
    problem: ServerProblem | None = None
    is_every: bool = False
    after: UUID | None = None
    before: UUID | None = None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something may be hidden by the search or the filter."""
        return bool(self.text or self.problem)

    def url(self, **changes: Any) -> str:
        """Give the address of the same question with some changes, on its first page unless one is named."""
        values: dict[str, Any] = {
            "search": self.text or None,
            "problem": self.problem.value if self.problem else None,
            "every": "yes" if self.is_every else None,
        }
        return url_for("guild.show_map", **{**values, **changes})


@blueprint.get("/servers/map")
@guard.needs(Permission.GUILD_VIEW)
def show_map() -> str:
    """Show the servers that hold several bots, with commands that collide and permissions that do not fit."""
    session, asked = services().session(), _read()
    seen = shown(identity.scope(Permission.GUILD_VIEW))
    named = identity.scope(Permission.COMMAND_VIEW)
    about = _about(session, asked, seen, named)
    page = guilds.list_map_page(
        session, about, PAGE, problem=asked.problem, after=asked.after, before=asked.before
    )
    counts = guilds.count_map(session, about, COUNT_LIMIT)
    return render_template(
        "pages/guild/map.html",
        asked=asked,
        rows=list_rows(session, page.guild_ids, seen, named),
        page=page,
        labels=_LABELS,
        counts={problem: _say_count(count, counts[None]) for problem, count in counts.items() if count},
    )


def _about(session: Session, asked: Asked, seen: Scope, named: Scope) -> guilds.Mapped:
    # A deleted bot is counted by nobody, though its place may still be stored.
    living = frozenset(bot.id for bot in bots.list_bots(session, scope=seen))
    return guilds.Mapped(
        bot_ids=living,
        needs=commands.live_needs(),
        names=commands.live_names(Scope(is_all=False, bot_ids=frozenset(filter(named.allows, living)))),
        text=asked.text,
        is_shared=not asked.is_every,
    )


def _say_count(count: int, read: int) -> str:
    return f"{min(count, COUNT_LIMIT - 1):,}+" if read >= COUNT_LIMIT else f"{count:,}"


def _read() -> Asked:
    wanted = request.args.get("problem", "")
    return Asked(
        text=request.args.get("search", "").strip()[:_MAX_TEXT],
        problem=ServerProblem(wanted) if wanted in set(ServerProblem) else None,
        is_every=request.args.get("every") == "yes",
        after=read_id(request.args.get("after", "")),
        before=read_id(request.args.get("before", "")),
    )

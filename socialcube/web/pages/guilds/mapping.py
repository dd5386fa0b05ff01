"""The map of servers: which hold several bots, and what is wrong there."""

from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, request, url_for

from socialcube.domain.access.types import Permission
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.guilds.blueprint import blueprint
from socialcube.web.pages.guilds.rows import MapRow, Problem, list_map
from socialcube.web.shell.choice import shown

PAGE: Final = 25
_MAX_TEXT: Final = 100
_LABELS: Final = {
    Problem.ANY: "Any problem",
    Problem.COLLISIONS: "Same command twice",
    Problem.TOO_LITTLE: "Missing permissions",
    Problem.TOO_MUCH: "Too many permissions",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    Attributes:
        text: part of a server's name or id.
        problem: only servers with it; None for all.
        is_every: whether servers with a single bot are shown too.
        page: counted from 1.
    """

    text: str = ""
    problem: Problem | None = None
    is_every: bool = False
    page: int = 1

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
    asked = _read()
    rows = list_map(
        services().session(),
        shown(identity.scope(Permission.GUILD_VIEW)),
        identity.scope(Permission.COMMAND_VIEW),
        text=asked.text,
        is_shared=not asked.is_every,
    )
    found = [row for row in rows if asked.problem is None or asked.problem in row.problems]
    first = (asked.page - 1) * PAGE
    return render_template(
        "pages/guild/map.html",
        asked=asked,
        rows=found[first : first + PAGE],
        count=len(found),
        labels=_LABELS,
        counts=_count(rows),
        has_more=len(found) > first + PAGE,
    )


def _read() -> Asked:
    wanted = request.args.get("problem", "")
    return Asked(
        text=request.args.get("search", "").strip()[:_MAX_TEXT],
        problem=Problem(wanted) if wanted in set(Problem) else None,
        is_every=request.args.get("every") == "yes",
        page=min(max(request.args.get("page", 1, type=int), 1), 1_000_000),
    )


def _count(rows: list[MapRow]) -> dict[Problem, int]:
    return {problem: sum(problem in row.problems for row in rows) for problem in Problem}

"""The fleet table of Home: its rows and their order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from socialcube.domain.bots.types import Tone
from socialcube.domain.overview.types import BotFigures
from socialcube.web.pages.states import BotState

SLOW_MS: Final = 2000.0
"""Discord waits 3 s for the first answer; what takes this long is close to it."""

DEFAULT_SORT: Final = "state"
_WORST_FIRST: Final = (Tone.BAD, Tone.HOLD, Tone.WARN, Tone.ACCENT, Tone.OK, Tone.MUTED)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A bot in the table. What is None is not known."""

    state: BotState
    servers: int | None
    commands: int
    errors: int
    p95_ms: float | None
    last_event_at: datetime | None
    points: tuple[float | None, ...]

    @property
    def is_slow(self) -> bool:
        """Tell whether its slow answers come close to Discord's deadline."""
        return self.p95_ms is not None and self.p95_ms >= SLOW_MS


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be sorted by.

    Attributes:
        key: its name in the address.
        starts_high: whether the first click shows the highest first.
    """

    key: str
    label: str
    classes: str = ""
    starts_high: bool = True


COLUMNS: Final = (
    Column("state", "State", starts_high=False),
    Column("bot", "Bot", starts_high=False),
    Column("servers", "Servers", "end"),
    Column("commands", "Commands", "end"),
    Column("trend", "Trend", "wide"),
    Column("errors", "Errors", "end"),
    Column("p95", "p95", "end"),
    Column("event", "Last event", "end wide"),
)


def make_rows(states: Iterable[BotState], figures: Mapping[UUID, BotFigures], sort: str) -> list[FleetRow]:
    """Join states and figures in the order asked for.

    Args:
        states: bots by name, the order of equals.
        figures: of a period, by bot; one without any did nothing.
        sort: a column's key, with `-` before it for the highest first. An unknown one is the default.
    """
    rows = [_row(state, figures.get(state.bot.id)) for state in states]
    key, is_reversed = sort.removeprefix("-"), sort.startswith("-")
    return sorted(rows, key=_KEYS.get(key, _KEYS[DEFAULT_SORT]), reverse=is_reversed)


def next_sort(column: Column, sort: str) -> str:
    """Give what a click on a column's head asks for: the other direction when it leads already."""
    first = f"-{column.key}" if column.starts_high else column.key
    if sort.removeprefix("-") != column.key:
        return first
    return column.key if sort.startswith("-") else f"-{column.key}"


def can_sort(key: str) -> bool:
    """Tell whether there is an order of this name."""
    return key in _KEYS


def _row(state: BotState, figures: BotFigures | None) -> FleetRow:
    seen = state.bot.state
    return FleetRow(
        state=state,
        servers=seen.guild_count,
        commands=figures.commands if figures else 0,
        errors=figures.errors if figures else 0,
        p95_ms=figures.p95_ms if figures else None,
        last_event_at=(figures.last_event_at if figures else None) or seen.last_event_at,
        points=figures.points if figures else (),
    )


_KEYS: Final[dict[str, Callable[[FleetRow], tuple[object, ...]]]] = {
    "state": lambda row: (_WORST_FIRST.index(row.state.words.tone),),
    "bot": lambda row: (row.state.bot.name.casefold(),),
    "servers": lambda row: (row.servers or 0,),
    "commands": lambda row: (row.commands,),
    "errors": lambda row: (row.errors,),
    "p95": lambda row: (row.p95_ms or 0.0,),
    "event": lambda row: (row.last_event_at or _LONG_AGO,),
}

"""Who may do what at a place, as a table: people down, permissions across, each cell with its reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from socialcube.domain.access.types import AREAS, BOT_PERMISSIONS, EFFECTS, PLANNED, Permission
from socialcube.domain.accounts.types import Holder

_SHORT: Final[Mapping[Permission, str]] = {
    Permission.BOT_VIEW: "See",
    Permission.BOT_CONTROL: "Start, stop",
    Permission.BOT_EDIT: "Edit",
    Permission.BOT_TOKEN: "Token",
    Permission.BOT_DELETE: "Delete",
    Permission.COMMAND_VIEW: "See",
    Permission.COMMAND_EDIT: "Edit",
    Permission.COMMAND_PUBLISH: "Publish",
    Permission.GUILD_VIEW: "See",
    Permission.GUILD_EDIT: "Settings",
    Permission.LOG_VIEW: "Read",
    Permission.LOG_EXPORT: "Export",
    Permission.SECRET_EDIT: "Replace",
    Permission.ALERT_EDIT: "Channels",
    Permission.MEMBER_MANAGE: "Give roles",
    Permission.APIKEY_MANAGE: "API keys",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One permission. `label` stands over it, `effect` says it in full."""

    permission: Permission
    label: str
    effect: str


@dataclass(frozen=True, slots=True)
class Area:
    """Columns that belong together."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a person holds a permission. `source` says by what, and is empty when they do not.

    Attributes:
        ends_area: whether the next column belongs to something else.
    """

    column: Column
    source: str
    ends_area: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A person.

    Attributes:
        cells: one for each column.
        areas: what the person may do in words, by area, for narrow screens; areas without anything are left
            out.
    """

    holder: Holder
    cells: tuple[Cell, ...]
    areas: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table."""

    areas: tuple[Area, ...]
    rows: tuple[Row, ...]


def effect_of(permission: Permission) -> str:
    """Say what a permission allows, as the beginning of a sentence."""
    words = EFFECTS[permission]
    return words[0].upper() + words[1:]


def make_matrix(holders: Iterable[Holder]) -> Matrix:
    """Lay out who may do what. Columns are what can be held on a bot and is asked for anywhere."""
    areas = tuple(area for title, held in AREAS.items() if (area := _to_area(title, held)).columns)
    return Matrix(areas, tuple(_to_row(holder, areas) for holder in holders))


def _to_area(title: str, permissions: Iterable[Permission]) -> Area:
    shown = (held for held in permissions if held in BOT_PERMISSIONS - PLANNED)
    return Area(title, tuple(Column(held, _SHORT.get(held, held.value), effect_of(held)) for held in shown))


def _to_row(holder: Holder, areas: Iterable[Area]) -> Row:
    by_area = [(area.title, _to_cells(holder, area)) for area in areas]
    said = ((title, tuple(cell for cell in cells if cell.source)) for title, cells in by_area)
    return Row(
        holder,
        tuple(cell for _, cells in by_area for cell in cells),
        tuple((title, cells) for title, cells in said if cells),
    )


def _to_cells(holder: Holder, area: Area) -> tuple[Cell, ...]:
    last = area.columns[-1]
    return tuple(
        Cell(column, holder.permissions.get(column.permission, ""), ends_area=column is last)
        for column in area.columns
    )

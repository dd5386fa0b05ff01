from datetime import UTC, datetime
from uuid import UUID

from socialcube.domain.access.types import AREAS, BOT_PERMISSIONS, EFFECTS, PLANNED, Permission
from socialcube.domain.accounts.types import Holder, UserView
from socialcube.web.access.matrix import make_matrix

USER = UserView(UUID(int=1), 1001, "ann", "Ann", None, False, None, datetime(2026, 1, 1, tzinfo=UTC), 1)  # noqa: FBT003 - fields of a row


def test_each_permission_stands_in_one_area_and_is_explained() -> None:
    listed = [permission for permissions in AREAS.values() for permission in permissions]
    assert sorted(listed) == sorted(Permission)
    assert set(EFFECTS) == set(Permission)


def test_columns_are_what_can_be_held_on_a_bot_and_is_asked_for() -> None:
    columns = [column.permission for area in make_matrix([]).areas for column in area.columns]
    assert set(columns) == BOT_PERMISSIONS - PLANNED
    assert len(columns) == len(set(columns))
    assert all(area.columns for area in make_matrix([]).areas)
    assert not any("." in column.label for area in make_matrix([]).areas for column in area.columns)


def test_a_row_says_what_somebody_holds_and_why_and_nothing_else() -> None:
    held = {Permission.BOT_VIEW: "Viewer on this bot", Permission.LOG_VIEW: "Editor on the group Shop"}
    (row,) = make_matrix([Holder(USER, (), held)]).rows
    said = {cell.column.permission: cell.source for cell in row.cells}
    assert {permission: source for permission, source in said.items() if source} == held
    assert [(title, [cell.source for cell in cells]) for title, cells in row.areas] == [
        ("Bots", ["Viewer on this bot"]),
        ("Logs", ["Editor on the group Shop"]),
    ]
    assert sum(cell.ends_area for cell in row.cells) == len(make_matrix([]).areas)

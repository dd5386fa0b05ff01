"""What can be done with one row, in words."""

from dataclasses import dataclass
from typing import Any

from socialcube.web.admin.needs import Operation


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of a menu, or a page's main button.

    Attributes:
        url: where it leads; a form is sent there when `action` says what to do.
        action: name of the view's action that it runs on this row, empty for a link.
        confirm: the question before it is done, empty when nothing is lost.
    """

    label: str
    icon: str
    url: str
    action: str = ""
    confirm: str = ""
    is_dangerous: bool = False


def row_menu(view: Any, row: Any) -> list[MenuItem]:
    """Give the menu that every view has: open, edit and delete, as far as this row allows them."""
    key = str(view.get_pk_value(row))
    items = []
    if url := view.object_url(row):
        items.append(MenuItem("Open", "eye", url))
    if view.may(Operation.EDIT, row):
        items.append(MenuItem("Edit", "system", view.url_of("edit_view", id=key)))
    if view.may(Operation.DELETE, row):
        items.append(
            MenuItem(
                f"{view.delete_verb[0]}…", "trash", view.url_of("delete_view", id=key), is_dangerous=True
            )
        )
    return items

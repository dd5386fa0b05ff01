"""Flask-Admin without its looks: our frame, our templates, none of its browser assets."""

from typing import Any, Final

from flask import Blueprint
from flask_admin import Admin, AdminIndexView, BaseView
from flask_admin.theme import Theme

THEME: Final = Theme(folder="none", base_template="shell/base.html")
"""Flask-Admin looks for its own templates in a folder that it does not have, so only ours are found."""


class NoIndex(AdminIndexView):  # type: ignore[misc] # Flask-Admin ships no types
    """Flask-Admin's start page and static files, without addresses: Home is a page of its own."""

    def __init__(self) -> None:
        super().__init__(name="Home", endpoint="admin", url="/admin")
        self.static_folder = None
        self._urls: list[Any] = []


class Panel(Admin):  # type: ignore[misc] # Flask-Admin ships no types
    """All generated screens of one application."""

    def __init__(self) -> None:
        super().__init__(name="Social Cube", index_view=NoIndex(), theme=THEME)

    @property
    def views(self) -> list[BaseView]:
        """Give every view but the empty index."""
        return [view for view in self._views if not isinstance(view, NoIndex)]


def blueprint_names(panel: Panel) -> list[str]:
    """Give the names of the blueprints that the generated screens take."""
    return [view.blueprint.name for view in panel.views if isinstance(view.blueprint, Blueprint)]

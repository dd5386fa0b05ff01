"""The page of a command: build it, try it, publish it, take it back."""

from flask import Flask

from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.showing.filters import FILTERS
from socialcube.web.pages.commands.views import (
    clashing,
    creating,
    editing,
    files,
    publishing,
    removing,
    trying,
)

__all__ = ["init_app"]

_VIEWS = (creating, editing, clashing, trying, publishing, files, removing)
"""Each registers its views on the blueprint when it is imported."""


def init_app(app: Flask) -> None:
    """Serve the pages of commands."""
    app.jinja_env.filters.update(FILTERS)
    app.register_blueprint(blueprint)

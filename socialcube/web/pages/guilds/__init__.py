"""Servers over all bots: what one bot may do in one of them, leaving it, and the map of shared ones."""

from flask import Flask

from socialcube.web.pages.guilds import leaving, mapping, place
from socialcube.web.pages.guilds.blueprint import blueprint

__all__ = ["leaving", "mapping", "place"]


def init_app(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)

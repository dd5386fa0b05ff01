"""The page of a group of bots: its bots, and who may do what with them."""

from flask import Flask

from socialcube.web.pages.groups.views import blueprint


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.register_blueprint(blueprint)

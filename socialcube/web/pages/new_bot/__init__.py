"""New bot: one page, three steps, from a token to the first answered command."""

from flask import Flask

from socialcube.web.pages.new_bot import checking, commanding, joining, views
from socialcube.web.pages.new_bot.blueprint import blueprint

__all__ = ["checking", "commanding", "init_app", "joining", "views"]


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.register_blueprint(blueprint)

"""Pages of people who manage a server: they need no role here, and see that server and nothing else."""

from flask import Flask

from socialcube.web.manage import checking, pages, problems, settings
from socialcube.web.manage.blueprint import blueprint

__all__ = ["checking", "init_app", "pages", "problems", "settings"]


def init_app(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)

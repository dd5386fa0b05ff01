"""The live log, and the page of one of its rows."""

from flask import Flask

from socialcube.web.pages.live import page, runs


def init_app(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(page.blueprint)
    app.register_blueprint(runs.blueprint)

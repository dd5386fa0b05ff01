"""The plan of a bot's commands: what is registered at Discord against what is published here."""

from flask import Flask

from socialcube.web.pages.command_plan.views import blueprint


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.register_blueprint(blueprint)

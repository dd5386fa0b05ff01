"""The page that an invite's link leads to."""

from flask import Flask

from socialcube.web.pages.invites.views import blueprint


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.register_blueprint(blueprint)

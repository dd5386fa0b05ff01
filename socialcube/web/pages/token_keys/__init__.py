"""Token keys: to which key how much is sealed, and sealing everything to the newest."""

from flask import Flask

from socialcube.web.pages.token_keys import views
from socialcube.web.pages.token_keys.views import blueprint

__all__ = ["init_app", "views"]


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.register_blueprint(blueprint)

"""A person's own page: where they are signed in, how they want the panel, and what they may do."""

from flask import Flask

from socialcube.web.pages.account import views
from socialcube.web.pages.account.devices import device_of


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.jinja_env.filters["device"] = device_of
    app.register_blueprint(views.blueprint)

"""Home: what needs attention, four figures, the fleet and the latest runs."""

from flask import Flask

from socialcube.web.pages.home import views


def init_app(app: Flask) -> None:
    """Add the page to the application."""
    app.register_blueprint(views.blueprint)

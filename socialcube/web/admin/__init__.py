"""Screens that Flask-Admin generates, in our looks and behind our permissions."""

from flask import Flask

from socialcube.web.admin import jump
from socialcube.web.admin.theme import Panel
from socialcube.web.admin.views import SCREENS


def init_app(app: Flask) -> None:
    """Add all generated screens and the palette's search to the application."""
    panel = Panel()
    for make in SCREENS:
        panel.add_view(make())
    panel.init_app(app)
    app.register_blueprint(jump.blueprint)

"""Signing in: sessions, Discord's consent, one-time codes, and the pages around them."""

from flask import Flask

from socialcube.web.auth import cookies, csrf, loading, pages
from socialcube.web.auth.discord import make_blueprint
from socialcube.web.auth.sessions import WebSessions
from socialcube.web.context import services_of


def init_app(app: Flask) -> None:
    """Give the application sessions, people and the doors they come in by."""
    settings = services_of(app).shared.settings
    app.session_interface = WebSessions(cookies.cookie_for(settings.web.public_url))
    loading.init_app(app)
    csrf.init_app(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(make_blueprint(settings.discord))

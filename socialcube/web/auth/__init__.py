"""Signing in: sessions, Discord's consent, one-time codes, and the pages around them."""

from flask import Flask

from socialcube.web import recent
from socialcube.web.auth import again, cookies, csrf, loading, pages
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
    app.register_blueprint(again.blueprint)
    app.register_error_handler(recent.RecentSignInNeededError, recent.on_needed)
    app.jinja_env.globals.update(is_recent=recent.is_recent, way_to_proof=recent.way_to)
    app.register_blueprint(make_blueprint(settings.discord))

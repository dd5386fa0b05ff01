"""Screens that Flask-Admin generates, in our looks and behind our permissions."""

from flask import Flask

from socialcube.web.admin import drawing, export_jobs, jump
from socialcube.web.admin.theme import Panel
from socialcube.web.admin.views import SCREENS
from socialcube.web.names import name_actor


def init_app(app: Flask) -> None:
    """Add all generated screens and the palette's search to the application."""
    panel = Panel()
    for make in SCREENS:
        panel.add_view(make())
    panel.init_app(app)
    app.register_blueprint(jump.blueprint)
    app.register_blueprint(export_jobs.blueprint)
    app.jinja_env.globals.update(
        alert_tabs=drawing.alert_tabs,
        log_tabs=drawing.log_tabs,
        actor_name=name_actor,
        bot_name=drawing.bot_name,
        people_tabs=drawing.people_tabs,
        place_name=drawing.place_name,
        pretty=drawing.pretty,
    )

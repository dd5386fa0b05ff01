"""The page of one bot with its tabs, and what can be done to one or to many."""

from flask import Flask

from socialcube.web.pages.bots import (
    actions,
    by_tag,
    danger,
    deleted,
    files,
    looks,
    managers,
    members,
    secrets,
    seeing,
    settings,
    views,
)
from socialcube.web.pages.bots.blueprint import blueprint

__all__ = [
    "actions",
    "by_tag",
    "danger",
    "deleted",
    "files",
    "init_app",
    "looks",
    "managers",
    "members",
    "secrets",
    "seeing",
    "settings",
    "views",
]


def init_app(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)

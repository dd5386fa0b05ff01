"""The command line: `flask --app wsgi …`. Each command opens a unit of work and calls one service."""

from flask import Flask

from socialcube.web.cli import site


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    for group in (site.group,):
        app.cli.add_command(group)

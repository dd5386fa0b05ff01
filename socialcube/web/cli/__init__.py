"""The command line: `flask --app wsgi …`. Each command opens a unit of work and calls one service."""

from flask import Flask

from socialcube.web.cli import bots, commands, demo, jobs, logs, site


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    for group in (bots.group, commands.group, demo.group, jobs.group, logs.group, site.group):
        app.cli.add_command(group)

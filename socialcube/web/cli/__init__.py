"""The command line: `flask --app wsgi …`. Each command opens a unit of work and calls one service."""

from flask import Flask

from socialcube.web.cli import bots, demo, jobs, live_commands, logs, site


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    for group in (bots.group, live_commands.group, demo.group, jobs.group, logs.group, site.group):
        app.cli.add_command(group)

"""The command line: `flask --app wsgi …`. Each command opens a unit of work and calls one service."""

from flask import Flask

from socialcube.web.cli import (
    audit,
    demo,
    editing,
    fleet,
    jobs,
    keys,
    live_commands,
    logs,
    recovery,
    secrets,
    servers,
    site,
    users,
)


def init_app(app: Flask) -> None:
    """Add every group of commands."""
    groups = (
        audit,
        editing,
        live_commands,
        recovery,
        secrets,
        servers,
        demo,
        fleet,
        jobs,
        keys,
        logs,
        site,
        users,
    )
    for module in groups:
        app.cli.add_command(module.group)

"""Bodies of commands as the forms hand them to the world."""

from typing import Any

from socialcube.sandbox.forms import commands


def slash(name: str = "hello", *, in_guild: bool = False, **more: Any) -> dict[str, Any]:
    """Give a checked slash command."""
    return commands.new({"name": name, "description": "A test command", **more}, in_guild=in_guild)


def option(kind: int, name: str = "given", **more: Any) -> dict[str, Any]:
    """Give an option of a command."""
    return {"type": kind, "name": name, "description": "d", **more}

"""The list of commands of all bots, and the plain form of one: name, description and options."""

from socialcube.web.admin.views.commands.view import CommandsView

__all__ = ["CommandsView"]

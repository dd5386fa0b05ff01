"""The list of bots and the form of one bot's name, description and tags."""

from socialcube.web.admin.views.bots.view import BotsView

__all__ = ["BotsView"]

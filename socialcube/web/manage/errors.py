"""What can go wrong for the managers of servers."""

from socialcube.kernel.errors import NotFoundError, UnavailableError


class ChecksAwayError(UnavailableError):
    """Nobody can check right now whether you manage this server: a part of this panel does not answer."""

    code = "checks_away"
    remedy = "Try again in a minute."


class BotNotOpenError(NotFoundError):
    """There is no such bot in this server, or it does not let people with Manage Server change anything."""

    code = "bot_not_open"
    remedy = "Ask whoever runs the bot to let you in, then open the list of your servers again."

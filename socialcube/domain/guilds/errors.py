"""What can go wrong with servers."""

from socialcube.kernel.errors import NotFoundError


class GuildNotFoundError(NotFoundError):
    """No bot here has seen a server {external_id}."""

    code = "guild_not_found"
    remedy = "Invite one of your bots to the server; it appears as soon as the bot is online."


class BotNotInGuildError(NotFoundError):
    """This bot is not in a server {external_id}. It is in: {servers}."""

    code = "bot_not_in_guild"
    remedy = "Take one of these ids, or invite the bot there; it is known as soon as the bot is online."

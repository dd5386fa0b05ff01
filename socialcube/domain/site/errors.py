"""What can be wrong with the installation."""

from socialcube.kernel.errors import ConflictError


class OtherOriginError(ConflictError):
    """This database belongs to the Discord at {stored}, and the settings name another one: {origin}."""

    code = "other_origin"
    remedy = "Use a database of its own for each Discord: set DATABASE_URL or DISCORD_API_BASE_URL."

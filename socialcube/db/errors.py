"""What can be wrong with the database itself."""

from socialcube.kernel.errors import UnavailableError


class DatabaseAwayError(UnavailableError):
    """The database cannot be reached right now."""

    code = "database_unavailable"
    remedy = "Check DATABASE_URL and that the server is running. Bots that are online keep answering."

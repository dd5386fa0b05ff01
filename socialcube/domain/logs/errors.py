"""What can go wrong when logs are read."""

from socialcube.kernel.errors import InvalidInputError, NotFoundError


class PlaceUnreadableError(InvalidInputError):
    """This address does not say where in the log to go on."""

    code = "place_unreadable"
    remedy = "Begin at the newest rows again."


class LogRowNotFoundError(NotFoundError):
    """There is no row {event_id} in this log."""

    code = "log_row_not_found"
    remedy = "It may be older than logs are kept."

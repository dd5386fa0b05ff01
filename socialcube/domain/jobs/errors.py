"""What can go wrong with jobs."""

from socialcube.kernel.errors import InvalidInputError, NotFoundError


class JobNotFoundError(NotFoundError):
    """There is no job {job_id}."""

    code = "job_not_found"
    remedy = "Ask again: answers are kept for a while only."


class UnknownJobKindError(InvalidInputError):
    """Nobody knows how to do a job of the kind {kind}. Known are: {kinds}."""

    code = "unknown_job_kind"
    remedy = "Ask for one of the known kinds."


class JobTooLargeError(InvalidInputError):
    """The job carries {size} bytes; at most {max_size} fit."""

    code = "job_too_large"
    remedy = "Send less at once."

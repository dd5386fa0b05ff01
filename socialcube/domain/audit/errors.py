"""What can go wrong with the audit log."""

from socialcube.kernel.errors import UnavailableError


class LogTooLongError(UnavailableError):
    """The audit log is too long for a worker to check in one go."""

    code = "audit_log_too_long"
    remedy = "Run `flask --app wsgi audit verify` instead, which may take as long as it needs."

"""What can go wrong with the audit log."""

from socialcube.kernel.errors import NotFoundError, UnavailableError


class EntryNotFoundError(NotFoundError):
    """There is no such entry, or not any more."""

    code = "audit_entry_not_found"
    remedy = "Entries are deleted when they are too old."


class LogTooLongError(UnavailableError):
    """The audit log is too long for a worker to check in one go."""

    code = "audit_log_too_long"
    remedy = "Run `flask --app wsgi audit verify` instead, which may take as long as it needs."

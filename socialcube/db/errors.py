"""What can be wrong with the database itself."""

from socialcube.kernel.errors import SocialCubeError, UnavailableError


class DatabaseAwayError(UnavailableError):
    """The database cannot be reached right now."""

    code = "database_unavailable"
    remedy = "Check DATABASE_URL and that the server is running. Bots that are online keep answering."


class DatabaseUnusableError(UnavailableError):
    """The database cannot be used: {reason}."""

    code = "database_unusable"
    remedy = "Check DATABASE_URL, that the server runs, and for SQLite the disk and the rights of the file."


class DatabaseDamagedError(SocialCubeError):
    """The database file {path} is damaged."""

    code = "database_damaged"
    remedy = (
        "Stop everything, keep a copy of the file, and put your last backup in its place; "
        "or move the file away to start with an empty database."
    )


class SchemaBehindError(SocialCubeError):
    """The database is at revision {found}, this version of Social Cube needs {needed}."""

    code = "schema_behind"
    remedy = "Run `flask --app wsgi db upgrade`, then start again."


class SchemaTooNewError(SocialCubeError):
    """The database is at revision {found}, which this version of Social Cube does not know: it is newer."""

    code = "schema_too_new"
    remedy = "Start the newer version of Social Cube, or restore a backup from before its upgrade."

"""What can go wrong with files of lists."""

from socialcube.kernel.errors import ConflictError, InvalidInputError, NotFoundError


class ExportInvalidError(InvalidInputError):
    """This list cannot be exported so: {reason}."""

    code = "export_invalid"
    remedy = "Choose the list, its filters and its columns again."


class ExportTooLargeError(ConflictError):
    """The file would be larger than {megabytes} MB; {rows} rows fitted."""

    code = "export_too_large"
    remedy = "Narrow the filter, for example to fewer days, or take fewer columns."


class ExportLostError(ConflictError):
    """This export was withdrawn, or somebody else does it already."""

    code = "export_lost"


class FileNotFoundHereError(NotFoundError):
    """There is no such file, or not any more."""

    code = "file_not_found"
    remedy = "Files are kept for a day. Export the list again."

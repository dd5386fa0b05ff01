"""One plain sentence instead of a traceback, for the scripts in this folder."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


def fail(sentence: str) -> NoReturn:
    """End the script with a sentence that says what happened and what to do next."""
    print(sentence, file=sys.stderr)
    raise SystemExit(EXIT_FAILED)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the operating system refuses, and Ctrl-C, into a plain end of the script."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(EXIT_INTERRUPTED) from None
    except OSError as error:
        fail(explain(error))


def explain(error: OSError) -> str:
    """Say in one sentence why the operating system refused."""
    place = error.filename or "this folder"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full. Free some space, then start again."
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return f"{place} cannot be written. Use a folder that belongs to you, then start again."
    return f"{place}: {error.strerror or error}."

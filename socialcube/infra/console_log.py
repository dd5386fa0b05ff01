"""What the processes print: one short line each, secrets masked, libraries quiet."""

import logging
import sys
from typing import Final

from socialcube.kernel.secrets import mask_text
from socialcube.kernel.text import printable

_FORMAT: Final = "%(levelname)s %(name)s: %(message)s"

#: The clients print whole requests at DEBUG, secrets included; the others say often that all is well.
_TALKATIVE: Final = (
    "aiohttp",
    "alembic",
    "celery.app.trace",
    "celery.beat",
    "celery.worker.strategy",
    "discord",
    "flask_dance",
    "kombu",
    "oauthlib",
    "requests",
    "requests_oauthlib",
    "urllib3",
)


class MaskingFormatter(logging.Formatter):
    """Masks what looks like a token, and keeps a message on the lines that we wrote."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Give the line, with control characters escaped: a logged value cannot fake another line."""
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Give line and traceback, masked."""
        return mask_text(super().format(record))


def configure(level: str) -> None:
    """Send all loggers of this process to stderr.

    Args:
        level: least level that is printed, by name.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter(_FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))

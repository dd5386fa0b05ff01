"""Names of what travels over the socket. docs/reference/realtime.md describes each."""

import json
from typing import Final

WATCH: Final = "watch"
UNWATCH: Final = "unwatch"

ROWS: Final = "rows"
BOTS: Final = "bots"
JOB: Final = "job"
FIGURES: Final = "figures"
LATE: Final = "late"
AGAIN: Final = "again"
"""Asks the page to watch anew from its cursor: it was too slow, or what it may see has changed."""


# Making one takes as long as encoding a row.
_encoder: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(data: object) -> str:
    """Encode for the wire."""
    return _encoder.encode(data)

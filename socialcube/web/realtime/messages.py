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


def to_json(data: object) -> str:
    """Encode for the wire."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

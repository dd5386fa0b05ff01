"""How long it takes until many bots have connected."""

import math
from typing import Final

from socialcube.domain.bots.types import MAX_AT_ONCE

BULK_PAUSE_SECONDS: Final = 0.6
"""Between two steps of a change of many bots, of `MAX_AT_ONCE` bots each: about eight in a second."""

_START_SECONDS: Final = 3.0


def estimate_seconds(bots: int, *, starts_per_second: float) -> int:
    """Say about how long it takes until so many bots that shall start together are online.

    A start takes about three seconds: a look at the session limit, IDENTIFY, and READY with the servers.

    Args:
        bots: how many start.
        starts_per_second: at which rate the whole fleet starts them.
    """
    if not bots:
        return 0
    told = (math.ceil(bots / MAX_AT_ONCE) - 1) * BULK_PAUSE_SECONDS
    return round(max(told, (bots - 1) / starts_per_second) + _START_SECONDS)

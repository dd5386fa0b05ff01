"""How long it takes until many bots have connected."""

import math
from typing import Final

from socialcube.domain.bots.types import MAX_AT_ONCE

STARTS_AT_ONCE: Final = 25
"""Session starts that one runner admits at a time, so that a thousand bots do not knock at once."""

BULK_PAUSE_SECONDS: Final = 0.6
"""Between two steps of a change of many bots, of `MAX_AT_ONCE` bots each: about eight in a second."""

_ROUND_SECONDS: Final = 3.0


def estimate_seconds(bots: int, *, runners: int = 1) -> int:
    """Say about how long it takes until so many bots that shall start together are online.

    A start takes about three seconds: a look at the session limit, IDENTIFY, and READY with the servers.

    Args:
        bots: how many start.
        runners: processes among which they are shared out; none counts as one.
    """
    rounds = math.ceil(bots / (STARTS_AT_ONCE * max(runners, 1)))
    told = max(math.ceil(bots / MAX_AT_ONCE) - 1, 0) * BULK_PAUSE_SECONDS
    return math.ceil(max(rounds * _ROUND_SECONDS, told + _ROUND_SECONDS if bots else 0.0))

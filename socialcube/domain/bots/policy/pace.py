"""How long it takes until many bots have connected."""

import math
from typing import Final

STARTS_AT_ONCE: Final = 25
"""Session starts that one runner admits at a time, so that a thousand bots do not knock at once."""

_ROUND_SECONDS: Final = 3.0


def estimate_seconds(bots: int, *, runners: int = 1) -> int:
    """Say about how long it takes until so many bots that start together are online.

    A start takes about three seconds: a look at the session limit, IDENTIFY, and READY with the servers.

    Args:
        bots: how many start.
        runners: processes among which they are shared out; none counts as one.
    """
    rounds = math.ceil(bots / (STARTS_AT_ONCE * max(runners, 1)))
    return math.ceil(rounds * _ROUND_SECONDS)

"""How long to wait before trying again."""

import random
from collections.abc import Callable


def backoff(failures: int, *, base: float, cap: float, jitter: Callable[[], float] = random.random) -> float:
    """Give the seconds before the next try: doubling, capped, and spread over the upper half.

    Without the spread all bots of a runner would come back to the platform in the same instant.

    Args:
        failures: tries that failed in a row, 0 for none: then the wait is 0.
        base: seconds after the first failure.
        cap: seconds at most.
        jitter: a number from 0 to 1.
    """
    if failures <= 0:
        return 0.0
    full: float = min(cap, base * 2.0 ** min(failures - 1, 30))
    return full * (0.5 + jitter() / 2)

"""When a message is tried again."""

from datetime import timedelta
from typing import Final

GIVE_UP: Final = timedelta(hours=24)
"""News that could not be told for a day are told by nobody any more."""

LOST_CLAIM: Final = timedelta(seconds=150)
"""Longer than any task may run: who took a message and said nothing since is gone."""

_FIRST: Final = timedelta(seconds=15)
_LONGEST: Final = timedelta(minutes=15)
_DOUBLINGS: Final = 8


def retry_after(tries: int, asked: timedelta | None = None) -> timedelta:
    """Give how long to wait after so many tries in vain: 15 s, 30 s, 1 min … a quarter of an hour.

    Args:
        tries: so far, one at least.
        asked: how long the other side asked us to wait, if it did; it gets an hour at most.
    """
    doublings = min(tries - 1, _DOUBLINGS)
    own = min(_FIRST * (1 << doublings), _LONGEST)
    return own if asked is None else max(own, min(asked, timedelta(hours=1)))

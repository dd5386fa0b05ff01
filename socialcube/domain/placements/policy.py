"""How many bots a runner should hold."""

from math import ceil

from socialcube.domain.placements.types import Share


def claim_limit(share: Share, max_bots: int) -> int:
    """Tell how many bots a runner may hold when it claims: an even part, rounded up."""
    return min(max_bots, ceil(share.wanted / max(1, share.living)))


def surplus(share: Share, held: int) -> int:
    """Tell how many bots a runner holds above an even part among the settled runners.

    A runner that only just started does not count, so that one that dies again and again
    does not make bots wander, since every move costs a session start.
    """
    return max(0, held - ceil(share.wanted / max(1, share.settled)))

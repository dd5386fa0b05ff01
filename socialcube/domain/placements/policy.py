"""How much a runner should hold, and what its bots may spend."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final
from uuid import UUID

from socialcube.domain.placements.types import KEPT_FOR_ALL, KEPT_FOR_PEOPLE, Share

INVALID_LIMIT: Final = 5_000
"""Invalid answers of one address in ten minutes at which its calls pause. Discord blocks it at 10,000."""

INVALID_ALARM: Final = 2_500
"""Invalid answers of one address at which the bot that causes most of them is stopped."""

INVALID_BY_ONE: Final = 500
"""Invalid answers of one bot at which it is stopped, whatever the others do: nearly one a second."""

MOVES_AT_ONCE: Final = 10

_FEW_STARTS: Final = 10


def claim_limit(share: Share, max_bots: int) -> int:
    """Tell how many shards a runner may hold when it claims: an even part, rounded up."""
    return min(max_bots, _even_part(share.wanted, share.living))


def surplus(share: Share, held: int) -> int:
    """Tell how many shards a runner holds above an even part among the settled runners.

    A runner that only just started does not count, so that one that dies again and again
    does not make bots wander.
    """
    return max(0, held - _even_part(share.wanted, share.settled))


def _even_part(wanted: int, limits: Sequence[int]) -> int:
    """Tell what each runner gets, rounded up. Those that take less get their limit, and leave the rest."""
    left = wanted
    for place, limit in enumerate(sorted(limits)):
        part = ceil(left / (len(limits) - place))
        if part <= limit:
            return part
        left -= limit
    # All are full, or there is none: whoever holds more than its part must keep it.
    return wanted


def starts_kept(total: int, *, is_wished: bool) -> int:
    """Tell how many of a bot's session starts must be left over.

    Args:
        total: starts that the platform allows in 24 hours.
        is_wished: whether this is the first start since a person wished for it. What starts by itself, like
            a bot that crashes again and again, must leave some for people.
    """
    return min(KEPT_FOR_ALL if is_wished else KEPT_FOR_PEOPLE, total // _FEW_STARTS)


def starts_limit(total: int, *, is_wished: bool) -> int:
    """Tell up to which count a bot may start sessions in 24 hours."""
    return total - starts_kept(total, is_wished=is_wished)


def find_culprits(counts: Mapping[UUID, int]) -> list[UUID]:
    """Choose the bots that must stop, so that Discord does not block the address of all.

    Args:
        counts: invalid answers of each bot behind the address in the last ten minutes.
    """
    culprits = [bot_id for bot_id, count in counts.items() if count >= INVALID_BY_ONE]
    if culprits or sum(counts.values()) < INVALID_ALARM:
        return culprits
    return [max(counts, key=lambda bot_id: counts[bot_id])]

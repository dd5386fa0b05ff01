"""Shards for tests."""

from collections.abc import Iterable
from uuid import UUID

from socialcube.domain.placements.types import Shard


def all_shards(bots: Iterable[UUID], *, count: int = 1) -> dict[Shard, int]:
    """Name every shard of bots that run in so many, as claims want it."""
    return {Shard(bot_id, number): count for bot_id in bots for number in range(count)}

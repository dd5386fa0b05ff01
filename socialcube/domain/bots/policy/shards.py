"""One state for a bot that runs in several parts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from socialcube.domain.bots.types import BotObservation, GatewayState, ProcessState

_Value = TypeVar("_Value")

_PROCESSES: Final = (
    ProcessState.RUNNING,
    ProcessState.STARTING,
    ProcessState.STOPPING,
    ProcessState.STOPPED,
    ProcessState.FAILED,
    ProcessState.HELD,
)
_GATEWAYS: Final = (
    GatewayState.CONNECTED,
    GatewayState.RECONNECTING,
    GatewayState.CONNECTING,
    GatewayState.DISCONNECTED,
)

MAX_SHARDS: Final = 4_096
"""Parts beyond which a recommendation is taken for a mistake: it would stand for millions of servers."""


def is_reshard_due(current: int, recommended: int) -> bool:
    """Tell whether a bot should run in another number of parts than it does.

    It grows at once: Discord refuses a part of more than 2,500 servers. It shrinks only to less than half,
    since near a border the recommendation changes back and forth, and each change starts every part afresh.
    """
    return current < recommended <= MAX_SHARDS or 0 < recommended * 2 < current


def combine(parts: Sequence[BotObservation]) -> BotObservation:
    """Say of a bot what is true of the worst of its parts, and add up what can be added up.

    Args:
        parts: the last sight of each part that was seen, at least one. One that was never seen is about to
            be started.

    Returns:
        The sight of the whole; its epoch is that of part 0, and 0 while that was not seen.
    """
    worst = max(parts, key=_badness)
    if len(parts) < worst.shard_count and _badness(worst) < _UNSEEN:
        worst = replace(
            worst, process=ProcessState.STARTING, gateway=GatewayState.CONNECTING, reason=None, sentence=""
        )
    return replace(
        worst,
        shard=0,
        epoch=next((part.epoch for part in parts if part.shard == 0), 0),
        sentence=_name_part(worst),
        latency_ms=_pick(max, (part.latency_ms for part in parts)),
        guild_count=_pick(sum, (part.guild_count for part in parts)),
        starts_left=_pick(min, (part.starts_left for part in parts)),
        connected_at=_of_all(max, [part.connected_at for part in parts]),
        last_event_at=_of_all(min, [part.last_event_at for part in parts]),
        last_ack_at=_of_all(min, [part.last_ack_at for part in parts]),
        last_rest_at=_of_all(min, [part.last_rest_at for part in parts]),
    )


def _badness(part: BotObservation) -> tuple[int, int]:
    return _PROCESSES.index(part.process), _GATEWAYS.index(part.gateway)


_UNSEEN: Final = (_PROCESSES.index(ProcessState.STARTING), _GATEWAYS.index(GatewayState.CONNECTING))


def _name_part(part: BotObservation) -> str:
    return f"Shard {part.shard + 1} of {part.shard_count}: {part.sentence}" if part.sentence else ""


def _pick(choose: Callable[[Iterable[_Value]], _Value], values: Iterable[_Value | None]) -> _Value | None:
    known = [value for value in values if value is not None]
    return choose(known) if known else None


def _of_all(choose: Callable[[Iterable[_Value]], _Value], values: Sequence[_Value | None]) -> _Value | None:
    """Choose, unless one part has none: then the whole has none either."""
    known = [value for value in values if value is not None]
    return choose(known) if len(known) == len(values) else None

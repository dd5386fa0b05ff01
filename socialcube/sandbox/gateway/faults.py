"""Troubles of gateway connections, made on purpose."""

import random
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, get_args

Deed = Literal[
    "close", "abort", "invalidate", "delay", "drop_acks", "duplicate", "reorder", "malform", "lose"
]
Moment = Literal["connect", "hello", "identify", "ready"]
DEEDS: Final[tuple[Deed, ...]] = get_args(Deed)
MOMENTS: Final[tuple[Moment, ...]] = get_args(Moment)
# Only from IDENTIFY or RESUME on does the gateway know whose connection it is.
NAMELESS: Final = frozenset({"connect", "hello"})
FOR_EVER: Final = 1_000_000_000


@dataclass(slots=True)
class GatewayFault:
    """A trouble for the next connections, heartbeats or events that match.

    Attributes:
        deed: what goes wrong.
            `close` (with `code`) and `abort` (the TCP connection) at a `moment`;
            `invalidate` answers an IDENTIFY or RESUME with op 9, `resumable` or not;
            `delay` keeps READY or RESUMED, and all behind them, back for some `seconds`;
            `drop_acks` leaves heartbeats without their answer while everything else goes on;
            `duplicate` sends an event `copies` times under one number;
            `reorder` gathers up to `window` events, or those of `seconds`, and sends them shuffled, each
            `copies` times;
            `malform` puts `data` in the place of what an event carries;
            `lose` counts an event and never sends it, not even to a RESUME.
        application_id: only connections of this bot, None for all.
        shard: only connections of this shard, None for all.
        moment: `connect` instead of HELLO, `hello` after it, `identify` in answer to IDENTIFY or RESUME,
            `ready` right after READY or RESUMED.
        times: how many connections, heartbeats or events it still hits.
        event: only events of this name, empty for any.
        seed: of the shuffling, so that a bad order can be seen again.
    """

    deed: Deed
    application_id: int | None = None
    shard: int | None = None
    moment: Moment = "identify"
    times: int = 1
    code: int = 4000
    resumable: bool = False
    seconds: float = 0.1
    event: str = ""
    copies: int = 1
    window: int = 50
    seed: int = 0
    data: Any = None
    _random: random.Random | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Give it for the control door."""
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}

    def shuffle(self, frames: list[str]) -> None:
        """Bring frames into another order, the same one for the same seed."""
        self._random = self._random or random.Random(self.seed)  # noqa: S311 - an order, no secret
        self._random.shuffle(frames)


class GatewayFaults:
    """The troubles that wait, in the order they were made."""

    def __init__(self) -> None:
        self._waiting: list[GatewayFault] = []

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits, which is the case on every day but a bad one."""
        return not self._waiting

    def add(self, fault: GatewayFault) -> None:
        """Let a trouble wait."""
        self._waiting.append(fault)

    def take(
        self, *deeds: Deed, application_id: int | None, shard: int | None, moment: str = "", event: str = ""
    ) -> GatewayFault | None:
        """Give the first trouble of these kinds that matches and count it, or None."""
        for fault in self._waiting:
            if (
                fault.deed in deeds
                and fault.application_id in {None, application_id}
                and fault.shard in {None, shard}
                and (not moment or fault.moment == moment)
                and fault.event in {"", event}
            ):
                fault.times -= 1
                self._waiting = [item for item in self._waiting if item.times > 0]
                return fault
        return None

    def list_waiting(self) -> list[GatewayFault]:
        """Give those that still wait."""
        return list(self._waiting)

    def clear(self) -> None:
        """Take all back."""
        self._waiting.clear()

"""A session: what outlives a broken connection, so that a RESUME can continue it."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from socialcube.sandbox.gateway.faults import GatewayFault, GatewayFaults
from socialcube.sandbox.gateway.protocol import FOR_ALL_SHARDS, NEEDED, Opcode
from socialcube.sandbox.world.records import Presence

if TYPE_CHECKING:
    from socialcube.sandbox.gateway.connection import Connection


@dataclass(slots=True, eq=False)
class Session:
    """One IDENTIFY and everything sent since.

    Attributes:
        token: the bot token it began with.
        intents: which events it wants.
        shard: its number and how many there are.
        sequence: number of the last event.
        replay: the last events as text, oldest first.
        connection: where events go now, None while it is cut off.
        detached: monotonic seconds when it was cut off.
        resumes: how often it was resumed.
        presence: what the bot shows of itself.
        faults: what may happen to its events.
    """

    id: str
    application_id: int
    token: str
    intents: int
    shard: tuple[int, int]
    replay: deque[tuple[int, str]]
    sequence: int = 0
    connection: "Connection | None" = None
    detached: float = 0.0
    resumes: int = 0
    started_at: str = ""
    presence: Presence = field(default_factory=Presence)
    faults: GatewayFaults = field(default_factory=GatewayFaults)

    def wants(self, event: str, guild_id: int | None = None, *, member_id: int | None = None) -> bool:
        """Tell whether an event is for this session, by intents and by shard.

        What belongs to no guild goes to the first shard, but for what every session must know
        (Discord docs, "Gateway" > "Sharding"). Changes of the bot's own member need no intent ("Caveats").
        """
        is_own = event == "GUILD_MEMBER_UPDATE" and member_id == self.application_id
        needed = 0 if is_own else NEEDED.get(event, 0)
        number, count = self.shard
        home = 0 if guild_id is None else (guild_id >> 22) % count
        return self.intents & needed == needed and (number == home or event in FOR_ALL_SHARDS)

    def dispatch(self, event: str, data: Any) -> None:
        """Send an event, or keep it for the RESUME."""
        self.sequence += 1
        fault = self._fault_for(event)
        if fault is not None and fault.deed == "lose":
            return
        carried = fault.data if fault is not None and fault.deed == "malform" else data
        frame = {"op": int(Opcode.DISPATCH), "d": carried, "s": self.sequence, "t": event}
        text = json.dumps(frame, separators=(",", ":"))
        # Kept as text: what is replayed must be what was said then, whatever changed since.
        self.replay.append((self.sequence, text))
        if self.connection is not None:
            self.connection.deliver(text, fault)

    def missed_since(self, sequence: int) -> list[str] | None:
        """Give the events after a number, or None when some of them are no longer kept."""
        oldest = self.replay[0][0] if self.replay else self.sequence + 1
        if sequence + 1 < oldest:
            return None
        return [text for number, text in self.replay if number > sequence]

    def _fault_for(self, event: str) -> GatewayFault | None:
        if self.faults.is_empty:
            return None
        return self.faults.take(
            "lose",
            "malform",
            "duplicate",
            "reorder",
            application_id=self.application_id,
            shard=self.shard[0],
            event=event,
        )

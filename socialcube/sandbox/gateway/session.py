"""A session: what outlives a broken connection, so that a RESUME can continue it."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from socialcube.sandbox.gateway.protocol import NEEDED, Opcode

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
    presence: dict[str, Any] = field(default_factory=dict)

    def wants(self, event: str, guild_id: int | None = None) -> bool:
        """Tell whether an event is for this session, by intents and by shard."""
        needed = NEEDED.get(event, 0)
        number, count = self.shard
        return self.intents & needed == needed and (guild_id is None or (guild_id >> 22) % count == number)

    def dispatch(self, event: str, data: Any) -> None:
        """Send an event, or keep it for the RESUME."""
        self.sequence += 1
        frame = {"op": int(Opcode.DISPATCH), "d": data, "s": self.sequence, "t": event}
        text = json.dumps(frame, separators=(",", ":"))
        # Kept as text: what is replayed must be what was said then, whatever changed since.
        self.replay.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)

    def missed_since(self, sequence: int) -> list[str] | None:
        """Give the events after a number, or None when some of them are no longer kept."""
        oldest = self.replay[0][0] if self.replay else self.sequence + 1
        if sequence + 1 < oldest:
            return None
        return [text for number, text in self.replay if number > sequence]

"""The sockets of this process and whose they are."""

import threading
from dataclasses import dataclass, field, replace
from uuid import UUID

from socialcube.domain.access.types import Actor


@dataclass(frozen=True, slots=True)
class Viewer:
    """A connected page.

    Attributes:
        sid: its socket.
        session_id: the signed-in browser that opened it; it lives no longer than that.
        user_id: the person.
        actor: what the person may do, as it was last looked up.
        watches: topics by the name that the page gave to each.
    """

    sid: str
    session_id: UUID
    user_id: UUID
    actor: Actor
    watches: dict[str, str] = field(default_factory=dict, hash=False)


class Viewers:
    """Finds viewers by their socket."""

    def __init__(self) -> None:
        self._viewers: dict[str, Viewer] = {}
        self._lock = threading.Lock()

    def add(self, viewer: Viewer) -> None:
        """Take a viewer in."""
        with self._lock:
            self._viewers[viewer.sid] = viewer

    def remove(self, sid: str) -> Viewer | None:
        """Let a viewer go. Gives it when it was there."""
        with self._lock:
            return self._viewers.pop(sid, None)

    def find(self, sid: str) -> Viewer | None:
        """Find a viewer."""
        return self._viewers.get(sid)

    def change_actor(self, viewer: Viewer, actor: Actor) -> Viewer:
        """Note what the person may do from now on. A viewer that left meanwhile stays away."""
        changed = replace(viewer, actor=actor)
        with self._lock:
            if viewer.sid in self._viewers:
                self._viewers[viewer.sid] = changed
        return changed

    def count_of(self, session_id: UUID) -> int:
        """Count the open pages of one browser."""
        return sum(viewer.session_id == session_id for viewer in self.list())

    def list(self) -> list[Viewer]:
        """List all."""
        with self._lock:
            return list(self._viewers.values())

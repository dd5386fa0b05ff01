"""Looks again whether the viewers may still see what they see: at each hint, and every second without one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import queries as accounts
from socialcube.web.realtime.viewers import Viewer, Viewers


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands now.

    Attributes:
        session_ids: the browsers that are signed in.
        actor: what the person may do.
    """

    session_ids: frozenset[UUID]
    actor: Actor


class Standings(Protocol):
    """Looks up how people stand."""

    def find(self, user_ids: frozenset[UUID]) -> dict[UUID, Standing]:
        """Give each person's standing."""
        ...


class DatabaseStandings:
    """Asks the database, past every cache: two reads, however many people watch."""

    def __init__(self, sessions: Callable[[], Session], now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def find(self, user_ids: frozenset[UUID]) -> dict[UUID, Standing]:
        """Look up, as the protocol says."""
        now = self._now()
        with self._sessions() as session:
            browsers = accounts.list_session_ids(session, user_ids, now)
            actors = accounts.load_actors(session, user_ids)
        return {user_id: Standing(browsers[user_id], actors[user_id]) for user_id in user_ids}


class Gate:
    """Tells which viewers must go and which may see something else now.

    Args:
        viewers: all of this process.
        standings: looks people up.
        on_ended: called with a viewer whose browser is signed out.
        on_changed: called with a viewer, noted already, who may do something else than before.
    """

    def __init__(
        self,
        viewers: Viewers,
        standings: Standings,
        *,
        on_ended: Callable[[Viewer], None],
        on_changed: Callable[[Viewer], None],
    ) -> None:
        self._viewers = viewers
        self._standings = standings
        self._on_ended = on_ended
        self._on_changed = on_changed

    def step(self) -> bool:
        """Look at everybody once."""
        viewers = self._viewers.list()
        if not viewers:
            return False
        standings = self._standings.find(frozenset(viewer.user_id for viewer in viewers))
        for viewer in viewers:
            standing = standings[viewer.user_id]
            if viewer.session_id not in standing.session_ids:
                self._on_ended(viewer)
            elif not _may_the_same(viewer.actor, standing.actor):
                self._on_changed(self._viewers.change_actor(viewer, standing.actor))
        return False


def _may_the_same(one: Actor, other: Actor) -> bool:
    return one.permissions == other.permissions and one.bot_permissions == other.bot_permissions

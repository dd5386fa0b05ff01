"""The open pages, and what each still has to be told."""

import asyncio
from typing import TYPE_CHECKING, Final

from socialcube.sandbox.chat.events import event_for, presence_event
from socialcube.sandbox.shapes.users import Json
from socialcube.sandbox.world.changes import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from socialcube.sandbox.world.world import World

QUEUE_SIZE: Final = 256


class Listener:
    """One open page of a person.

    A page that falls `QUEUE_SIZE` events behind is cut off; it connects again and fetches what it missed.
    """

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self._events: asyncio.Queue[Json | None] = asyncio.Queue(QUEUE_SIZE)
        self._closed = False

    def tell(self, event: Json) -> None:
        """Put an event into the queue, or end the listener when there is no room."""
        if self._closed:
            return
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """End it; what is still queued is dropped, for the page fetches everything when it comes back."""
        self._closed = True
        while not self._events.empty():
            self._events.get_nowait()
        self._events.put_nowait(None)

    async def next_event(self) -> Json | None:
        """Wait for the next event; None means that the listener has ended."""
        return await self._events.get()


class Hub:
    """Hands the world's changes to the open pages, each in the words of its person."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._listeners: list[Listener] = []
        self._unsubscribe: Callable[[], None] = world.feed.subscribe(self._on_change)

    @property
    def present(self) -> frozenset[int]:
        """Give the ids of the people who have a page open."""
        return frozenset(listener.user_id for listener in self._listeners)

    def join(self, user_id: int) -> Listener:
        """Add a page of a person and tell the others when they came."""
        came = user_id not in self.present
        listener = Listener(user_id)
        self._listeners.append(listener)
        if came:
            self._tell_all(presence_event(user_id, online=True))
        return listener

    def leave(self, listener: Listener) -> None:
        """Take a page away and tell the others when it was the person's last."""
        self._listeners.remove(listener)
        if listener.user_id not in self.present:
            self._tell_all(presence_event(listener.user_id, online=False))

    def close(self) -> None:
        """End every page's connection, for a server that stops."""
        self._unsubscribe()
        for listener in self._listeners:
            listener.close()

    def _on_change(self, change: Change) -> None:
        for listener in self._listeners:
            event = event_for(self._world, change, listener.user_id)
            if event is not None:
                listener.tell(event)

    def _tell_all(self, event: Json) -> None:
        for listener in self._listeners:
            listener.tell(event)

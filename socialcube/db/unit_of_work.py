"""One transaction and what it leaves behind: the caller owns it, services never commit."""

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar, cast

from sqlalchemy.orm import Session

from socialcube.kernel.clock import Clock, SystemClock
from socialcube.kernel.events import Event, EventPublisher, NullPublisher
from socialcube.kernel.signing import UNSIGNED, SigningKeys

StepT = TypeVar("StepT", bound=Callable[[], None])


class UnitOfWork:
    """A session, the time, the keys of the audit log, and the events to publish once the commit stands.

    Leaving the `with` block without `commit()` rolls back.
    """

    def __init__(
        self,
        session: Session,
        publisher: EventPublisher | None = None,
        clock: Clock | None = None,
        keys: SigningKeys = UNSIGNED,
    ) -> None:
        self.session = session
        self.clock = clock or SystemClock()
        self.keys = keys
        self._publisher = publisher or NullPublisher()
        self._events: list[Event] = []
        self._last_steps: dict[str, Callable[[], None]] = {}

    def record(self, event: Event) -> None:
        """Remember a fact. It is published after the commit, or never."""
        self._events.append(event)

    def before_commit(self, name: str, step: StepT) -> StepT:
        """Run a step as the last one of the transaction; a name counts once. Audit takes its lock so.

        Gives the step that stands under this name, which may be an earlier one of the same type.
        """
        return cast("StepT", self._last_steps.setdefault(name, step))

    def commit(self) -> None:
        """Run the last steps, commit, then publish the events."""
        steps, self._last_steps = list(self._last_steps.values()), {}
        for step in steps:
            step()
        self.session.commit()
        events, self._events = self._events, []
        if events:
            self._publisher.publish(events)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.clear()
        self._last_steps.clear()
        self.session.close()


UnitOfWorkFactory = Callable[[], UnitOfWork]
"""Makes a unit of work that writes. Each shell composes one in its bootstrap module."""

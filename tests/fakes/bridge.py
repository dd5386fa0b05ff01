"""A bridge without threads, which can break like a database."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from socialcube.db.session import read_sessions, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.clock import Clock

R = TypeVar("R")


class DirectBridge(Bridge):
    """Runs each call on the loop, against a real database.

    Attributes:
        fault: raised instead of running, while it is set.
        calls: how many ran.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        writes = write_sessions(engine)
        super().__init__(
            lambda: UnitOfWork(writes(), None, clock), read_sessions(engine), threads=1, name="test"
        )
        self.fault: Exception | None = None
        self.calls = 0

    async def _submit(self, run: Callable[[], R]) -> R:
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        self.calls += 1
        return run()


def away() -> OperationalError:
    """Make what SQLAlchemy raises when the database is away."""
    return OperationalError("SELECT 1", {}, Exception("server closed the connection unexpectedly"))


def read_only() -> OperationalError:
    """Make what SQLAlchemy raises when the database takes no writes."""
    return OperationalError("UPDATE", {}, Exception("attempt to write a readonly database"))

"""The one place where async code calls the synchronous core: in a thread, with its own unit of work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork, UnitOfWorkFactory
from socialcube.kernel.errors import UnavailableError

P = ParamSpec("P")
R = TypeVar("R")

_MAX_WAITING: Final = 2_000


class BridgeFullError(UnavailableError):
    """The database is too slow: {waiting} pieces of work wait for it already."""

    code = "bridge_full"


class Bridge:
    """Runs queries and services in a few threads.

    When more than 2,000 calls wait, further ones are refused with BridgeFullError instead of queueing
    without end; the callers are loops that come back.

    Args:
        units: makes units that write.
        reads: makes sessions that only read.
        threads: how many calls run at a time.
        name: of the threads.
        turn: waits until a call may write, for a database that takes one writer at a time.
    """

    def __init__(
        self,
        units: UnitOfWorkFactory,
        reads: Callable[[], Session],
        *,
        threads: int,
        name: str,
        turn: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._units = units
        self._reads = reads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._waiting = 0
        self._turn = turn

    async def read(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query in a session of its own.

        Raises:
            BridgeFullError: too much waits already.
        """

        def run() -> R:
            with self._reads() as session:
                return query(session, *args, **kwargs)

        return await self._submit(run)

    async def write(
        self, service: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a service in a unit of its own and commit.

        Raises:
            BridgeFullError: too much waits already.
        """

        def run() -> R:
            with self._turn(), self._units() as uow:
                result = service(uow, *args, **kwargs)
                uow.commit()
                return result

        return await self._submit(run)

    def close(self) -> None:
        """Begin nothing more, and wait for no call here. Python does at its exit, as long as one takes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _submit(self, run: Callable[[], R]) -> R:
        if self._waiting >= _MAX_WAITING:
            raise BridgeFullError(waiting=self._waiting)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, run)
        finally:
            self._waiting -= 1

"""Runs commands: from an invocation to its answer and its log row, without the database on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from socialcube.domain.commands.types import Invocation
from socialcube.engine.ports import Responder

MAX_OPEN: Final = 100
"""Runs and refusals of one bot that may be open at a time. The core refuses politely long before that."""

RunCommand = Callable[[Invocation, Responder], Awaitable[object]]


class Dispatcher:
    """Gives each use of a command a task of its own.

    When a hundred are open, the next one is dropped without an answer and reported: a flood must not
    become a flood of our own calls.

    Args:
        run: runs one command and answers.
        failed: hears of a run that broke in a way that `run` should not.
        dropped: hears of a use that was left unanswered.
    """

    def __init__(
        self,
        run: RunCommand,
        *,
        failed: Callable[[Invocation, Exception], None],
        dropped: Callable[[Invocation], None],
    ) -> None:
        self._run = run
        self._failed = failed
        self._dropped = dropped
        self._open: set[asyncio.Task[None]] = set()
        self._closed = False

    def invoked(self, invocation: Invocation, responder: Responder) -> asyncio.Task[None] | None:
        """Take one use of a command. Returns at once, with its run; None when it was dropped."""
        if self._closed or len(self._open) >= MAX_OPEN:
            self._dropped(invocation)
            return None
        task = asyncio.create_task(self._answer(invocation, responder))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        return task

    async def drain(self, seconds: float) -> None:
        """Take nothing more and let what runs finish, for so long at most; the rest is cancelled."""
        self._closed = True
        if not self._open:
            return
        _, late = await asyncio.wait(self._open, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, invocation: Invocation, responder: Responder) -> None:
        try:
            await self._run(invocation, responder)
        except Exception as error:  # noqa: BLE001 - one broken run must not reach the bot
            self._failed(invocation, error)

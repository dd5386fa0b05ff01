"""Tells the failures of commands in the channel that a server chose for that."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from socialcube.adapters.errors import CallRefusedError
from socialcube.domain.commands.run import RunReport
from socialcube.domain.commands.types import Invocation
from socialcube.domain.logs.types import Level
from socialcube.engine.ports import Message
from socialcube.engine.trace import RunError
from socialcube.fleet.status import BotStatus
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.text import one_line

QUIET_SECONDS: Final = 60.0
"""For so long the same failure of a command is not told again in the same server."""

_MAX_OPEN: Final = 10
_MAX_KNOWN: Final = 500
_MAX_SENTENCE: Final = 500

Post = Callable[[int, Message, str], Awaitable[None]]
"""Sends a message to a channel; the text names the message, so that sending it twice makes one."""


class FailurePoster:
    """Posts failures in the background: nobody who uses a command waits for it.

    Ten posts may be on their way; what comes meanwhile is left out, since the log has it anyway.

    Args:
        status: the bot's log, which hears of a channel that cannot be posted to.
        clock: measures how long a failure stays quiet.
    """

    def __init__(self, status: BotStatus, clock: Clock) -> None:
        self._status = status
        self._clock = clock
        self._post: Post | None = None
        self._told: dict[tuple[int, str, str, str], float] = {}
        self._open: set[asyncio.Task[None]] = set()

    def use(self, post: Post) -> None:
        """Send with this from now on; before, nothing is posted."""
        self._post = post

    def note(self, invocation: Invocation, report: RunReport, channel_id: int | None) -> None:
        """Take what came of a use of a command. Returns at once."""
        error = report.error
        if self._post is None or channel_id is None or error is None or not report.is_fault:
            return
        if len(self._open) >= _MAX_OPEN or not self._is_news(invocation, error, channel_id):
            return
        task = asyncio.create_task(self._send(self._post, channel_id, invocation, error))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    def _is_news(self, invocation: Invocation, error: RunError, channel_id: int) -> bool:
        now = self._clock.monotonic()
        if len(self._told) >= _MAX_KNOWN:
            self._told = {key: at for key, at in self._told.items() if now - at < QUIET_SECONDS}
        key = (channel_id, invocation.command_name, error.code, error.path)
        told_at = self._told.get(key)
        if len(self._told) >= _MAX_KNOWN or (told_at is not None and now - told_at < QUIET_SECONDS):
            return False
        self._told[key] = now
        return True

    async def _send(self, post: Post, channel_id: int, invocation: Invocation, error: RunError) -> None:
        try:
            await post(channel_id, Message(_text(invocation, error)), invocation.event_id.hex[:25])
        except CallRefusedError as refusal:
            self._status.log(
                "log_channel_refused",
                f"A failure could not be told in the log channel: {refusal.message}",
                level=Level.WARNING,
                guild_id=str(invocation.guild_id),
                channel_id=str(channel_id),
            )
        except SocialCubeError as failure:
            self._status.log("log_channel_waiting", failure.message, level=Level.WARNING)


def _text(invocation: Invocation, error: RunError) -> str:
    """Say what failed. The reference is the one that the person was told."""
    place = f" at `{error.path}`" if error.path else ""
    reference = invocation.event_id.hex[-8:]
    sentence = one_line(error.message, _MAX_SENTENCE)
    return f"**/{invocation.command_name}** failed{place}: {sentence}\nReference {reference}."

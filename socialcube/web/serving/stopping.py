"""How a serving process learns that it shall end."""

import os
import select
import signal
from types import FrameType


class Stopping:
    """Waits for SIGTERM, SIGINT, or the end of the parent. Signals that follow change nothing.

    A pipe carries the news, because a handler may run anywhere and `select` also wakes green threads.

    Args:
        parent_end: read end of a pipe whose write end only the parent holds; the kernel closes it
            when the parent ends, however that happens.
    """

    def __init__(self, parent_end: int) -> None:
        self._parent_end = parent_end
        self._read_end, write_end = os.pipe()
        os.set_blocking(write_end, False)
        # The interpreter itself writes there at once, while a handler of ours might run inside of a
        # green switch, where nothing may wait.
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _note)

    def wait(self) -> None:
        """Return when it is time to end."""
        select.select([self._read_end, self._parent_end], [], [])


def _note(_number: int, _frame: FrameType | None) -> None:
    """Take the place of the default action, which would end the process at once."""

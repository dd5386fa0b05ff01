"""Which events were handled, not merely received: what a process that goes on need not hear again."""

import asyncio
from collections import Counter


class HandledSequence:
    """Follows the events of one session.

    Most are handled as they come in; the use of a command is when its run ends. A process that dies leaves
    the highest number up to which all was done, so that the next one gets everything else once more.

    Args:
        done: number of the last event that an earlier process handled, 0 for none.
    """

    def __init__(self, done: int = 0) -> None:
        self._newest = done
        self._open: Counter[int] = Counter()

    @property
    def value(self) -> int:
        """Give the highest number up to which every event was handled."""
        return min(self._open) - 1 if self._open else self._newest

    def begin(self, sequence: int) -> None:
        """Note that an event came in."""
        self._newest = max(self._newest, sequence)
        self._open[sequence] += 1

    def finish(self, sequence: int) -> None:
        """Note that an event was handled. One that came twice is when both were."""
        self._open[sequence] -= 1
        if self._open[sequence] <= 0:
            del self._open[sequence]

    def follow(self, sequence: int, run: asyncio.Task[None] | None) -> None:
        """Note an event that came in, and that it was handled once its run ends; at once without a run.

        A run that is cancelled answered nobody, so its event is left to whoever goes on with the session.
        """
        self.begin(sequence)
        if run is None:
            self.finish(sequence)
        else:
            run.add_done_callback(lambda done: None if done.cancelled() else self.finish(sequence))

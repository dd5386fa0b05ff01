"""The gateway's limit on frames, measured on a clock that nobody can set."""

from discord.gateway import GatewayRatelimiter

from socialcube.kernel.clock import Clock


class FrameLimit(GatewayRatelimiter):
    """Lets 110 frames a minute through, as py-cord 2.8.1's limiter does, by the monotonic clock.

    py-cord reads the wall clock (gateway.py:91, 97): set back by an hour while the window is used up, it
    would keep a bot from sending anything for an hour.

    Args:
        clock: measures the window.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.window = clock.monotonic()

    def is_ratelimited(self) -> bool:
        """Tell whether the window is used up."""
        return self.remaining == 0 and self._age() <= self.per

    def get_delay(self) -> float:
        """Take one frame out of the window. Gives the seconds to wait first; then nothing was taken."""
        if self._age() > self.per or self.remaining == self.max:
            self.remaining, self.window = self.max, self._clock.monotonic()
        if self.remaining == 0:
            return self.per - self._age()
        self.remaining -= 1
        return 0.0

    def _age(self) -> float:
        return self._clock.monotonic() - self.window

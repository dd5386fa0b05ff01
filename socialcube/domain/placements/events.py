"""What happened to ownership, for the runners that may take over."""

from dataclasses import dataclass

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ShardsFreed(Event):
    """A runner gave something back or is gone: others may claim it at once, not only at their next look."""

"""Facts about API keys."""

from dataclasses import dataclass

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ApiKeyChanged(Event):
    """A key was made, rotated or revoked; what processes remember of it is old.

    `public_id` is the part of the key that may be seen.
    """

    public_id: str

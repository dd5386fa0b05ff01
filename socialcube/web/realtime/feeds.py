"""What can be watched: each feed serves the topics that begin with its name."""

from collections.abc import Mapping
from typing import Any, Protocol

from socialcube.kernel.errors import ForbiddenError, InvalidInputError
from socialcube.web.realtime.viewers import Viewer


class UnknownTopicError(InvalidInputError):
    """Nothing can be watched under this name."""

    code = "unknown_topic"


class UnseenTopicError(ForbiddenError):
    """You may not see this."""

    code = "unseen_topic"


class Feed(Protocol):
    """Sends what changes to those who watch it."""

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Let a viewer watch. Gives what the page needs to begin.

        Args:
            viewer: whoever asks.
            watch: the page's own name for it, which `leave` repeats.
            subject: what stands behind the colon of the topic.
            options: what the page wants of it.

        Raises:
            UnseenTopicError: the viewer may see nothing of it.
            InvalidInputError: subject or options make no sense.
        """
        ...

    def leave(self, sid: str, watch: str) -> None:
        """Let a viewer go."""
        ...

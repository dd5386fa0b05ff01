"""One use of a command or a component, from the click to the last follow-up."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from socialcube.sandbox.world.records import LOADING, Message, Origin

Outcome = Literal["pending", "answered", "loading", "failed"]


class InteractionKind(IntEnum):
    """Discord's interaction types, those that people can start here."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class ResponseKind(IntEnum):
    """Discord's interaction callback types that an application may answer with."""

    MESSAGE = 4
    LOADING_MESSAGE = 5
    LOADING_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True, eq=False)
class Interaction:
    """An interaction and what became of it. It lives in memory only: its windows end with the server.

    Attributes:
        name: the command's name or the component's custom id.
        data: Discord's `data` without `resolved`, which is computed when it is sent.
        started: monotonic seconds when it was sent to the application.
        message: for a component, the message it sits on.
        response: the kind of the first response, None until there is one.
        response_seconds: how long the first response took.
        original: the message of the first response.
        followups: further messages, in order.
        choices: the answer to an autocomplete.
        modal: the form that the application asks to be shown.
        failed: the callback window closed without a response.
    """

    id: int
    token: str
    kind: InteractionKind
    application_id: int
    guild_id: int
    channel_id: int
    user_id: int
    name: str
    data: dict[str, Any]
    started: float
    message: Message | None = None
    response: ResponseKind | None = None
    response_seconds: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    failed: bool = False

    @property
    def origin(self) -> Origin:
        """Give what its answers remember of it."""
        return Origin(self.id, int(self.kind), self.name, self.user_id)

    @property
    def outcome(self) -> Outcome:
        """Tell in one word what became of it. `loading` means a promised answer is still to come."""
        if self.failed:
            return "failed"
        if self.response is None:
            return "pending"
        return "loading" if self.original is not None and self.original.flags & LOADING else "answered"

"""The other side of a dry run: takes what would have been sent, and sends nothing."""

from socialcube.engine.ports import Message


class RecordingResponder:
    """A responder that reaches nobody. The run's trace lists the effects; this keeps the messages whole.

    Attributes:
        messages: what would have been sent, in order.
        deferred: None, or whether the deferred answer would have been private.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.deferred: bool | None = None

    async def defer(self, private: bool) -> None:  # noqa: FBT001 - the port's signature
        """Note that the answer would have been deferred."""
        self.deferred = private

    async def reply(self, message: Message) -> None:
        """Keep the message."""
        self.messages.append(message)

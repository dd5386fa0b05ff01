"""What alerts need of the outside world."""

from typing import Protocol
from uuid import UUID

from socialcube.domain.alerts.types import Notice
from socialcube.kernel.secrets import Secret


class AddressSealer(Protocol):
    """Closes and opens the addresses of channels."""

    @property
    def newest(self) -> str:
        """Give the id of the key that closes."""
        ...

    def key_of(self, sealed: str) -> str:
        """Say which key closed this, empty when it is no sealed address at all."""
        ...

    def seal(self, address: Secret, *, channel_id: UUID) -> str:
        """Give the sealed form, which opens for this channel only."""
        ...

    def open(self, sealed: str, *, channel_id: UUID) -> Secret:
        """Open what was sealed for this channel.

        Raises:
            AddressUnreadableError: another key, another channel, or not sealed at all.
        """
        ...


class Messenger(Protocol):
    """Tells people through one kind of channel."""

    def send(self, target: Secret, notice: Notice) -> None:
        """Send a notice once. Gives up after some seconds.

        Raises:
            ChannelGoneError: nothing will ever arrive there again.
            SendRefusedError: this message will never arrive.
            SendLaterError: another try may work.
        """
        ...

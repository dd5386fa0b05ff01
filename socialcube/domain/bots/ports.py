"""What bots need from the outside world."""

from typing import Protocol
from uuid import UUID

from socialcube.domain.bots.types import BotIdentity
from socialcube.kernel.secrets import Secret


class TokenSealer(Protocol):
    """Closes a secret for the fleet. Every process may hold one: it cannot open anything."""

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Give the ids of the key pairs in use, the newest first. Only that one closes."""
        ...

    def key_of(self, sealed: str) -> str:
        """Say which key pair closed this. Empty when it is no sealed secret at all."""
        ...

    def seal(self, secret: Secret, *, table: str, column: str, row_id: UUID, context: str = "") -> str:
        """Seal a secret to one cell of one row: moved anywhere else, it does not open.

        `context` is what else must stay as it is for that: the other columns that it was meant for.
        """
        ...


class TokenOpener(Protocol):
    """Opens what a `TokenSealer` closed. The fleet alone holds one."""

    def open(self, sealed: str, *, table: str, column: str, row_id: UUID, context: str = "") -> Secret:
        """Open a secret that was sealed to this very cell, in this very context.

        Raises:
            TokenUnreadableError: another key, cell or context, or not a sealed secret at all.
        """
        ...


class PlatformDirectory(Protocol):
    """Tells whose token this is."""

    def identify(self, token: Secret) -> BotIdentity:
        """Ask the platform who the token belongs to.

        Raises:
            TokenRefusedError: the platform does not know this token.
            PlatformUnavailableError: it cannot be asked now, so nothing is known about the token.
        """
        ...

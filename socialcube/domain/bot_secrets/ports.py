"""What steps need to use a secret."""

from typing import Protocol
from uuid import UUID

from socialcube.kernel.secrets import Secret


class SecretStore(Protocol):
    """Gives an HTTP step the secret that it may send. The fleet alone holds one."""

    async def get(self, bot_id: UUID, name: str, *, host: str) -> Secret:
        """Get a secret of a bot for a request to this host.

        Raises:
            SecretNotFoundError: the bot has none of this name.
            OtherHostError: it is bound to another host.
            TokenUnreadableError: it cannot be opened here.
        """
        ...

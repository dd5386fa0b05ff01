"""Opens the secrets of bots for the steps that send them. A value lives in memory for one request."""

from uuid import UUID

from socialcube.domain.bot_secrets import queries
from socialcube.domain.bot_secrets.errors import OtherHostError
from socialcube.domain.bots.ports import TokenOpener
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.secrets import Secret


class SealedSecrets:
    """The fleet's `SecretStore`: reads the row, checks the host, and only then opens.

    Nothing is remembered, so a secret that was deleted or bound elsewhere is so at the next request.

    Args:
        bridge: to the database.
        opener: opens what was sealed.
    """

    def __init__(self, bridge: Bridge, opener: TokenOpener) -> None:
        self._bridge = bridge
        self._opener = opener

    async def get(self, bot_id: UUID, name: str, *, host: str) -> Secret:
        """Get a secret of a bot for a request to this host.

        Raises:
            SecretNotFoundError: the bot has none of this name.
            OtherHostError: it is bound to another host.
            TokenUnreadableError: it cannot be opened here.
        """
        found = await self._bridge.read(queries.get_sealed, bot_id, name)
        if host.rstrip(".").lower() != found.host:
            raise OtherHostError(name=name, host=found.host, wanted=host)
        cell = found.cell
        return self._opener.open(
            cell.sealed, table=cell.table, column=cell.column, row_id=cell.row_id, context=cell.context
        )

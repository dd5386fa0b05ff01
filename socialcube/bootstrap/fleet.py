"""What a runner composes: the shared parts, Discord through py-cord, and the keys that open tokens."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from socialcube.adapters.base import BotAdapter, BotEvents, Launch
from socialcube.adapters.discord.adapter import DiscordAdapter
from socialcube.adapters.discord.transport import Transport
from socialcube.bootstrap import services
from socialcube.bootstrap.services import Services
from socialcube.domain.bots.ports import TokenOpener, TokenSealer
from socialcube.domain.logs.sink.database import DatabaseLogSink
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.infra.control_listener import ControlListener
from socialcube.infra.token_opener import HPKETokenOpener
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import Settings

_TOPICS: Final = (Topic.BOTS_CHANGED, Topic.COMMANDS_CHANGED, Topic.GUILDS_CHANGED, Topic.JOBS_ASKED)


@dataclass(frozen=True, slots=True)
class FleetServices:
    """The parts of one runner.

    Attributes:
        shared: what all shells have.
        opener: opens bot tokens.
        sealer: closes them again, for another key.
        transport: the connections to Discord, shared by all bots.
        listener: hears the other processes.
        sink: takes log records.
    """

    shared: Services
    opener: TokenOpener
    sealer: TokenSealer
    transport: Transport
    listener: ControlListener
    sink: DatabaseLogSink

    def make_adapter(self, launch: Launch, events: BotEvents) -> BotAdapter:
        """Make the adapter of one bot."""
        return DiscordAdapter(launch, events, self.transport)

    def hints(self) -> AsyncIterator[ControlMessage]:
        """Listen to what concerns runners, for ever."""
        return self.listener.listen(*_TOPICS)

    async def close(self) -> None:
        """Give back connections, and store what waits."""
        await self.transport.close()
        self.sink.close()
        self.shared.close()


def build(settings: Settings, opening_keys: Sequence[Secret]) -> FleetServices:
    """Compose a runner's parts. Nothing connects before it is used."""
    shared = services.build(settings)
    return FleetServices(
        shared=shared,
        opener=HPKETokenOpener(opening_keys),
        sealer=HPKETokenSealer(settings.sealing_keys),
        transport=Transport(settings.discord.api_base_url, shared.clock),
        listener=ControlListener(settings.redis_url, namespace=settings.socketio_channel),
        sink=shared.make_sink(),
    )

"""What a worker process composes: the shared parts, a way to send jobs again, and ways to tell people."""

from collections.abc import Mapping
from dataclasses import dataclass

from socialcube.bootstrap import services
from socialcube.bootstrap.services import Services
from socialcube.domain.alerts.ports import AddressSealer, Messenger
from socialcube.domain.alerts.types import ChannelKind
from socialcube.domain.logs.sink import DatabaseLogSink
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.infra.discord_webhooks import DiscordWebhooks
from socialcube.infra.http_client import HTTPClient
from socialcube.infra.mailer import Mailer
from socialcube.infra.task_queue import CeleryTaskQueue
from socialcube.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkerServices:
    """The parts of one worker process.

    Attributes:
        shared: what all shells have.
        sink: takes error records.
        queue: sends jobs to the workers, this one among them.
        addresses: opens the addresses of alert channels.
        messengers: tell people, one for each kind of channel.
    """

    shared: Services
    sink: DatabaseLogSink
    queue: CeleryTaskQueue
    addresses: AddressSealer
    messengers: Mapping[ChannelKind, Messenger]

    def start(self) -> None:
        """Start what runs beside the tasks. Only after the fork: a thread does not survive one."""
        self.sink.start()

    def close(self) -> None:
        """End it, storing what waits."""
        self.sink.close()
        self.queue.close()
        self.shared.close()


def build(settings: Settings) -> WorkerServices:
    """Compose the worker's parts. Nothing connects before it is used."""
    queue = CeleryTaskQueue(settings.redis_url, namespace=settings.socketio_channel)
    shared = services.build(settings, send_job=queue.send)
    return WorkerServices(
        shared=shared,
        sink=shared.make_sink(),
        queue=queue,
        addresses=DerivedAddressSealer(settings.secret_keys),
        messengers=make_messengers(settings),
    )


def make_messengers(settings: Settings) -> dict[ChannelKind, Messenger]:
    """Make what tells people through each kind of channel."""
    return {
        ChannelKind.DISCORD: DiscordWebhooks(HTTPClient(), settings.discord.api_base_url),
        ChannelKind.MAIL: Mailer(settings.mail, settings.web.public_url),
    }

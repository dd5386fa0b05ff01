"""What the web composes: the shared parts over Flask-SQLAlchemy's session, and a way to ask Discord."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from socialcube.bootstrap import services
from socialcube.bootstrap.services import Services
from socialcube.db.session import WRITE
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.alerts.ports import AddressSealer
from socialcube.domain.api_keys import queries as api_keys
from socialcube.domain.api_keys.registry import KeyRegistry
from socialcube.domain.api_keys.types import KeyRecord
from socialcube.domain.bots.ports import PlatformDirectory, TokenSealer
from socialcube.domain.logs.sink import DatabaseLogSink
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.infra.discord_images import DiscordImages
from socialcube.infra.discord_rest import DiscordDirectory
from socialcube.infra.picture_cache import PictureCache
from socialcube.infra.rate_limits import RateLimits
from socialcube.infra.request_quota import RequestQuota
from socialcube.infra.session_cache import SessionCache
from socialcube.infra.task_queue import CeleryTaskQueue
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.settings import Settings
from socialcube.kernel.signing import SigningKeys

PICTURES: Final = "pictures"
"""Folder inside `var_dir` for pictures that were fetched once. It may be emptied at any time."""

API_KEYS: Final = "api keys"
"""What the peppers of API keys are made for; other keys from the same secrets differ."""


@dataclass(frozen=True, slots=True)
class WebServices:
    """The parts of one web process, or of one run of the command line.

    Attributes:
        shared: what all shells have.
        session: gives the session of the request at hand.
        sealer: closes bot tokens.
        directory: asks Discord about a token.
        sink: takes request and error records.
        queue: sends jobs to the workers.
        cache: remembers who is about to sign in.
        limits: counts tries of what could be guessed.
        pictures: of bots, people and servers.
        keys: checks API keys.
        quota: counts the requests of API keys.
        addresses: closes the addresses of alert channels.
    """

    shared: Services
    session: Callable[[], Session]
    sealer: TokenSealer
    directory: PlatformDirectory
    sink: DatabaseLogSink
    queue: CeleryTaskQueue
    cache: SessionCache
    limits: RateLimits
    pictures: PictureCache
    keys: KeyRegistry
    quota: RequestQuota
    addresses: AddressSealer

    def unit_of_work(self) -> UnitOfWork:
        """Open a unit that writes, on the request's own session. What was read before is read again.

        Raises:
            RuntimeError: the session holds changes made outside of a unit, which would be lost.
        """
        session = self.session()
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("a change was made outside of a unit of work")
        # A transaction that began for reading cannot become a writing one on SQLite.
        session.rollback()
        session.connection(execution_options=WRITE)
        return UnitOfWork(session, self.shared.publisher, self.shared.clock, self.shared.audit_keys)

    def start(self) -> None:
        """Start what runs beside the requests. Only after the last fork: a thread does not survive one."""
        self.sink.start()

    def close(self) -> None:
        """End it, storing what waits."""
        self.sink.close()
        self.queue.close()
        self.cache.close()
        self.limits.close()
        self.quota.close()
        self.shared.close()


def build(settings: Settings, *, engine: Engine, session: Callable[[], Session]) -> WebServices:
    """Compose the web's parts. Nothing connects before it is used, so a fork may follow."""
    queue = CeleryTaskQueue(settings.redis_url, namespace=settings.socketio_channel)
    shared = services.build(settings, engine=engine, send_job=queue.send)
    url, namespace = settings.redis_url, settings.socketio_channel
    return WebServices(
        shared=shared,
        session=session,
        sealer=HPKETokenSealer(settings.sealing_keys),
        directory=DiscordDirectory(settings.discord.api_base_url),
        sink=shared.make_sink(),
        queue=queue,
        cache=SessionCache(url, namespace=namespace, clock=shared.clock),
        limits=RateLimits(url, namespace=namespace, clock=shared.clock),
        pictures=PictureCache(
            settings.var_dir / PICTURES, DiscordImages(settings.discord.cdn_url, shared.clock), shared.clock
        ),
        keys=make_key_registry(shared, session),
        quota=RequestQuota(
            url,
            namespace=namespace,
            clock=shared.clock,
            limit=settings.web.api_requests_per_minute,
            processes=settings.web.concurrency,
        ),
        addresses=DerivedAddressSealer(settings.secret_keys),
    )


def make_key_registry(shared: Services, session: Callable[[], Session]) -> KeyRegistry:
    """Make what checks API keys, reading them with the session of the request at hand."""

    def load(public_id: str) -> KeyRecord | None:
        return api_keys.find_record(session(), public_id)

    return KeyRegistry(load, SigningKeys(shared.settings.key_secrets, API_KEYS), shared.clock)

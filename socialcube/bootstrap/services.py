"""What every shell composes the same way. No Flask, Celery or py-cord here."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from socialcube.db.errors import DatabaseUnusableError, SchemaBehindError
from socialcube.db.schema import require_current, upgrade
from socialcube.db.session import create_engine, read_sessions, write_sessions
from socialcube.db.soundness import require_sound
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.logs.sink import DatabaseLogSink, Limits
from socialcube.domain.logs.types import Stream
from socialcube.domain.site import queries as site_queries
from socialcube.domain.site import service as site
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
from socialcube.infra.event_publisher import HintPublisher, JobSender
from socialcube.kernel.clock import Clock, SystemClock
from socialcube.kernel.events import EventPublisher
from socialcube.kernel.settings import Settings
from socialcube.kernel.signing import SigningKeys

AUDIT: Final = "audit log"
"""What the keys of the audit log are made for; other keys from the same secrets differ."""

WAIT_SECONDS: Final = 10.0
"""How long a process waits at its start for a database that is still coming up."""

JOURNALS: Final = "journal"
"""Folder inside `var_dir` for rows that are not committed yet; all processes look there for orphans."""

_RETRY_SECONDS: Final = 0.5
_CONNECT_SECONDS: Final = 3
_DAY_SECONDS: Final = 86_400.0
_SILENCE_MS: Final = 10_000

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Services:
    """The shared parts of one process.

    Attributes:
        reads: makes sessions that only read.
        writes: makes sessions that write.
        bus: carries hints to the other processes.
        publisher: what a unit of work hands its events to.
        audit_keys: sign the audit log.
    """

    settings: Settings
    clock: Clock
    engine: Engine
    reads: sessionmaker[Session]
    writes: sessionmaker[Session]
    bus: ControlBus
    publisher: EventPublisher
    audit_keys: SigningKeys

    def unit_of_work(self) -> UnitOfWork:
        """Open a unit that writes, with a session of its own."""
        return UnitOfWork(self.writes(), self.publisher, self.clock, self.audit_keys)

    def make_sink(self) -> DatabaseLogSink:
        """Make this process's log sink. Start it after the last fork, close it at the end."""
        return DatabaseLogSink(
            self.writes,
            self.settings.var_dir / JOURNALS,
            on_committed=self._hint_rows,
            clock=self.clock,
            limits=Limits(damaged_kept=self.settings.retention.longest * _DAY_SECONDS),
        )

    def _hint_rows(self, stream: Stream, highest_id: int) -> None:
        self.bus.publish(ControlMessage(Topic.LOGS_COMMITTED, stream, str(highest_id)))

    def close(self) -> None:
        """Give back connections."""
        self.bus.close()
        self.engine.dispose()


def build(settings: Settings, *, engine: Engine | None = None, send_job: JobSender | None = None) -> Services:
    """Compose the shared parts. Nothing connects before it is used.

    Args:
        settings: all that the environment decides.
        engine: of the process, when the shell makes its own.
        send_job: how this process reaches the workers, when it does.
    """
    engine = engine or create_engine(settings.database_url, **engine_options(settings))
    clock = SystemClock()
    bus = ControlBus(settings.redis_url, namespace=settings.socketio_channel, clock=clock)
    return Services(
        settings=settings,
        clock=clock,
        engine=engine,
        reads=read_sessions(engine),
        writes=write_sessions(engine),
        bus=bus,
        publisher=HintPublisher(bus, send_job),
        audit_keys=SigningKeys(settings.audit_secrets, AUDIT),
    )


def check_database(services: Services, *, wait_seconds: float = WAIT_SECONDS) -> None:
    """Make sure that the database answers, has today's tables and belongs to this Discord.

    Args:
        services: of this process.
        wait_seconds: how long a server may still take to come up. A file is there or it is not.

    Raises:
        DatabaseUnusableError, DatabaseDamagedError, SchemaBehindError, SchemaTooNewError, OtherOriginError:
            as they say.
    """
    _when_it_answers(services, lambda: _check_once(services), wait_seconds)


def inspect_database(services: Services) -> bool:
    """Look at what `check_database` makes sure of, at once and without writing anything.

    Returns:
        Whether the database belongs to this Discord already, rather than to nobody yet.

    Raises:
        DatabaseUnusableError, DatabaseDamagedError, SchemaBehindError, SchemaTooNewError, OtherOriginError:
            as they say.
    """
    return _when_it_answers(services, lambda: _inspect_once(services), wait_seconds=0)


def prepare_database(services: Services, *, wait_seconds: float = WAIT_SECONDS) -> None:
    """Bring the database to today's tables, then check it as `check_database` does.

    Raises:
        DatabaseUnusableError, DatabaseDamagedError, SchemaTooNewError, OtherOriginError: as they say.
    """
    _when_it_answers(services, lambda: _prepare_once(services), wait_seconds)


def _prepare_once(services: Services) -> None:
    _require_sound(services.engine)
    # A database of a newer version is left as it is; one that was never used has no revision.
    with suppress(SchemaBehindError):
        require_current(services.engine)
    upgrade(services.engine)
    _check_once(services)


def _inspect_once(services: Services) -> bool:
    _require_sound(services.engine)
    require_current(services.engine)
    with services.reads() as session:
        return site_queries.require_origin(session, services.settings.discord.origin)


def _when_it_answers(services: Services, step: Callable[[], _Answer], wait_seconds: float) -> _Answer:
    is_server = services.engine.dialect.name != "sqlite"
    deadline = services.clock.monotonic() + (wait_seconds if is_server else 0)
    while True:
        try:
            return step()
        except DatabaseError as error:
            if services.clock.monotonic() >= deadline:
                reason = str(error.orig).partition("\n")[0].rstrip(".")
                raise DatabaseUnusableError(reason=reason) from error
            time.sleep(_RETRY_SECONDS)


def _check_once(services: Services) -> None:
    _require_sound(services.engine)
    require_current(services.engine)
    with services.unit_of_work() as uow:
        site.claim_origin(uow, services.settings.discord.origin)
        uow.commit()


def _require_sound(engine: Engine) -> None:
    if engine.dialect.name == "sqlite" and engine.url.database:
        require_sound(Path(engine.url.database))


def engine_options(settings: Settings) -> dict[str, Any]:
    """Give the engine options of a database, so that a dead network is noticed within seconds."""
    if settings.database_url.reveal().startswith("sqlite"):
        return {}
    return {
        "pool_timeout": _CONNECT_SECONDS,
        "connect_args": {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": _SILENCE_MS},
    }

"""The life of a runner: check, register, run, and leave nothing behind."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Coroutine, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from socialcube.bootstrap import fleet as bootstrap
from socialcube.bootstrap import services
from socialcube.bootstrap.fleet import FleetServices
from socialcube.bootstrap.services import Services
from socialcube.domain.jobs.types import JobKind
from socialcube.domain.placements import service as placements
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.fleet.beginnings import read_beginnings
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.budgets import StartGate
from socialcube.fleet.client import BotClient
from socialcube.fleet.command_watch import CommandWatch
from socialcube.fleet.control import Control
from socialcube.fleet.exit_codes import ExitCode
from socialcube.fleet.freezing import Freezer
from socialcube.fleet.gathering import Gathered
from socialcube.fleet.heartbeat import LoopStalledError, LoopWatch
from socialcube.fleet.invalid_answers import AddressWatch
from socialcube.fleet.lock_files import LockFile
from socialcube.fleet.parts import FleetParts
from socialcube.fleet.placement import Placements, RunnerIdentity
from socialcube.fleet.presences import Presences
from socialcube.fleet.published import read_published
from socialcube.fleet.reporting import StateReporter
from socialcube.fleet.rotation import KeyRotation
from socialcube.fleet.sessions import SessionKeeper
from socialcube.fleet.supervisor import Supervisor
from socialcube.fleet.write_turns import WriteTurns
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import Settings

_LEASE_THREADS: Final = 2
_WORK_THREADS: Final = 4
# Python lets a thread compute for 5 ms before another gets its turn, and every socket write of the loop
# gives the turn away: beside a log writer at work half of an answer's time was waiting to get it back.
_TURN_SECONDS: Final = 0.0005

_log = logging.getLogger(__name__)


async def main(settings: Settings, opening_keys: Sequence[Secret]) -> ExitCode:
    """Run bots until a signal comes or something breaks that only a fresh start mends.

    Args:
        settings: all that the environment decides.
        opening_keys: private keys that open bot tokens; only `bot_runner.py` has them.

    Returns:
        The exit code of the process.
    """
    sys.setswitchinterval(_TURN_SECONDS)
    parts = bootstrap.build(settings, opening_keys)
    try:
        services.check_database(parts.shared)
        lock = LockFile(settings.var_dir, str(new_id()))
    except SocialCubeError as error:
        _log.error("%s %s", error.message, error.remedy)
        await parts.close()
        return ExitCode.REFUSED_TO_START
    parts.sink.start()
    try:
        return await _run(settings, parts, lock)
    except SQLAlchemyError as error:
        _log.error("The database cannot be reached: %s", str(error).partition("\n")[0])
        return ExitCode.DATABASE_UNAVAILABLE
    finally:
        await parts.close()
        lock.release()


async def _run(settings: Settings, parts: FleetServices, lock: LockFile) -> ExitCode:
    shared = parts.shared
    bridge, lease_bridge = _build_bridges(shared)
    host = socket.gethostname()
    runner_id = await lease_bridge.write(
        placements.register_runner,
        host=host,
        pid=os.getpid(),
        lock_path=str(lock.path),
        address=settings.fleet.address or host,
        max_bots=settings.fleet.max_bots,
    )
    fleet = FleetParts(
        runner_id=runner_id,
        bridge=bridge,
        beginnings=Gathered(lambda keys: bridge.read(read_beginnings, keys)),
        published=Gathered(lambda keys: bridge.read(read_published, keys)),
        placements=Placements(
            lease_bridge, RunnerIdentity(runner_id, host, lock.path), settings.fleet, shared.clock
        ),
        reporter=StateReporter(bridge),
        sessions=SessionKeeper(bridge, runner_id, shared.clock),
        gate=StartGate(bridge, starts_per_second=settings.fleet.starts_per_second),
        make_adapter=parts.make_adapter,
        opener=parts.opener,
        sink=parts.sink,
        clock=shared.clock,
    )
    _announce(settings, parts, fleet)
    try:
        return await _Runner(settings, parts, fleet).run()
    finally:
        bridge.close()
        lease_bridge.close()


def _build_bridges(shared: Services) -> tuple[Bridge, Bridge]:
    """Give the way to the database for most work, and another one for leases, which nothing may delay."""
    turns = WriteTurns() if shared.engine.dialect.name == "sqlite" else None
    build = partial(Bridge, shared.unit_of_work, shared.reads)
    return (
        build(threads=_WORK_THREADS, name="bridge", turn=turns.ordinary if turns else nullcontext),
        build(threads=_LEASE_THREADS, name="leases", turn=turns.urgent if turns else nullcontext),
    )


def _announce(settings: Settings, parts: FleetServices, fleet: FleetParts) -> None:
    _log.info(
        "Runner %s (process %d) runs bots of %s with the database %s: up to %d bots, leases of %g s.",
        fleet.runner_id,
        os.getpid(),
        settings.discord.origin,
        parts.shared.engine.url.render_as_string(hide_password=True),
        settings.fleet.max_bots,
        settings.fleet.lease_seconds,
    )


class _Runner:
    """The tasks of one runner. None of them may end by itself."""

    def __init__(self, settings: Settings, parts: FleetServices, fleet: FleetParts) -> None:
        self._settings = settings
        self._fleet = fleet
        self._supervisor = Supervisor(
            fleet, settings.fleet, lambda lease, wanted: BotClient(lease, wanted, fleet)
        )
        self._address = AddressWatch(
            fleet.bridge,
            settings.fleet.address or socket.gethostname(),
            parts.transport.invalid,
            self._supervisor.clients.values,
        )
        self._presences = Presences(fleet.bridge, self._supervisor.clients.values, fleet.clock)
        self._commands = CommandWatch(fleet.bridge, self._supervisor.clients.values)
        claimant = f"fleet:{fleet.runner_id}"
        rotation = KeyRotation(fleet.bridge, fleet.opener, parts.sealer, claimant)
        self._control = Control(
            parts.hints,
            fleet.bridge,
            self._supervisor.clients,
            self._look_at_bots,
            claimant,
            work_for_all={JobKind.ROTATE_KEYS: rotation.run, JobKind.RESEAL_TOKEN: rotation.reseal_token},
        )
        self._stop = asyncio.Event()

    async def run(self) -> ExitCode:
        """Run until told to stop, or until a task ends."""
        self._listen_to_signals()
        freezer = Freezer(self._supervisor.settled, self._supervisor.clients.values)
        freezing = asyncio.create_task(freezer.run(), name="freeze")
        owning = self._start(self._tasks_that_own())
        working = self._start(self._tasks_that_work())
        stopping = asyncio.create_task(self._stop.wait(), name="stop")
        try:
            await asyncio.wait({*owning, *working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            code = _exit_code([*owning, *working])
            await _cancel([freezing, *working])
            await self._leave(code)
            return code
        finally:
            await _cancel([freezing, stopping, *owning, *working])

    async def _leave(self, code: ExitCode) -> None:
        """Hand the bots over, unless others own them already: then nothing may be said for them."""
        if code in {ExitCode.LOOP_STALLED, ExitCode.DECLARED_DEAD}:
            return
        drain_seconds = self._settings.fleet.drain_seconds if code is ExitCode.OK else 0.0
        try:
            await self._supervisor.drain(drain_seconds)
        except (SQLAlchemyError, SocialCubeError) as error:
            _log.warning("The leases could not be given back and will run out: %s", type(error).__name__)

    def _tasks_that_own(self) -> dict[str, Coroutine[Any, Any, None]]:
        """List what must go on while the bots are handed over."""
        return {
            "renew": self._supervisor.renew_for_ever(),
            "guard": self._supervisor.guard_for_ever(),
            "report": self._fleet.reporter.run(),
            "sessions": self._fleet.sessions.run(),
            "watch the loop": LoopWatch(self._fleet.clock, self._settings.fleet.lease_seconds).run(),
        }

    def _tasks_that_work(self) -> dict[str, Coroutine[Any, Any, None]]:
        """List what stops first."""
        return {
            "reconcile": self._supervisor.reconcile_for_ever(),
            "neighbours": self._supervisor.watch_neighbours_for_ever(),
            "hints": self._control.listen_for_ever(),
            "jobs": self._control.work_for_ever(),
            "address": self._address.watch_for_ever(),
            "presences": self._presences.keep_for_ever(),
            "published": self._commands.watch_for_ever(),
        }

    def _look_at_bots(self) -> None:
        """Look at once at what is wanted of bots, and at what they shall show."""
        self._supervisor.wake()
        self._presences.wake()

    @staticmethod
    def _start(tasks: dict[str, Coroutine[Any, Any, None]]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(work, name=name) for name, work in tasks.items()]

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)


def _exit_code(tasks: list[asyncio.Task[None]]) -> ExitCode:
    """Say why the runner ends: a signal, or the first task that did."""
    ended = [task for task in tasks if task.done()]
    if not ended:
        return ExitCode.OK
    error = ended[0].exception()
    _log.error("The task “%s” ended: %s", ended[0].get_name(), error, exc_info=error)
    match error:
        case LoopStalledError():
            return ExitCode.LOOP_STALLED
        case LeaseLostError():
            return ExitCode.DECLARED_DEAD
        case _:
            return ExitCode.TASK_DIED


async def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

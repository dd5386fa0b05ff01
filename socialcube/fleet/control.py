"""Hears what other processes ask of this runner: hints at once, jobs from their table."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import FLEET, JobView, UnsentJob, fleet_target
from socialcube.domain.placements.types import Shard
from socialcube.fleet.answers import UnknownJobError, answer
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.client import BotClient
from socialcube.fleet.command_sync import Progress
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.kernel.errors import SocialCubeError, UnavailableError

_LOOK_SECONDS: Final = 4.0
_PREFIX: Final = fleet_target(UUID(int=0)).partition(":")[0] + ":"

_log = logging.getLogger(__name__)

Work = Callable[[JobView], Awaitable[dict[str, object]]]


class Control:
    """Wakes the supervisor on hints and answers jobs for the bots that this runner holds.

    Args:
        hints: the endless stream of hints.
        bridge: to the database.
        clients: the shards of this runner, as they are at the moment of asking. A bot's jobs are
            answered where its shard 0 is.
        wake_supervisor: has what is wanted looked at.
        claimant: this runner's name in claims.
        work_for_all: how to do the kinds of jobs that are no single bot's, so that any runner may.
    """

    def __init__(  # noqa: PLR0913 - each part that it works with has its own name
        self,
        hints: Callable[[], AsyncIterator[ControlMessage]],
        bridge: Bridge,
        clients: Mapping[Shard, BotClient],
        wake_supervisor: Callable[[], None],
        claimant: str,
        *,
        work_for_all: Mapping[str, Work] = MappingProxyType({}),
    ) -> None:
        self._hints = hints
        self._bridge = bridge
        self._clients = clients
        self._wake_supervisor = wake_supervisor
        self._claimant = claimant
        self._work_for_all = work_for_all
        self._jobs_asked = asyncio.Event()
        self._in_hand: dict[UUID, asyncio.Task[None]] = {}

    async def listen_for_ever(self) -> None:
        """Take hints. While Redis is away the timers go on."""
        async for hint in self._hints():
            self.take(hint)

    def take(self, hint: ControlMessage) -> None:
        """Act on one hint. One about a bot that runs elsewhere is nothing to us."""
        match hint.topic:
            case Topic.BOTS_CHANGED:
                self._wake_supervisor()
                self._wake_commands(hint.subject)
            case Topic.COMMANDS_CHANGED | Topic.GUILDS_CHANGED:
                self._wake_commands(hint.subject)
            case Topic.JOBS_ASKED if hint.subject == FLEET or hint.subject.startswith(_PREFIX):
                self._jobs_asked.set()

    async def work_for_ever(self) -> None:
        """Answer jobs, on hints and on a timer."""
        try:
            while True:
                try:
                    await self._begin()
                except (SQLAlchemyError, UnavailableError) as error:
                    _log.warning("Cannot look at jobs: %s", type(error).__name__)
                await self._wait_for_jobs()
        finally:
            # Their claims run out, and then others may do them.
            for task in self._in_hand.values():
                task.cancel()

    async def work(self) -> None:
        """Answer every job that waits for one of our bots or for any runner, once."""
        await asyncio.gather(*await self._begin())

    async def _wait_for_jobs(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._jobs_asked.wait(), _LOOK_SECONDS)
            self._jobs_asked.clear()

    async def _begin(self) -> list[asyncio.Task[None]]:
        """Begin every job that waits. Each goes on by itself, since one may take minutes."""
        targets = [FLEET, *(fleet_target(unit.bot_id) for unit in self._clients if unit.number == 0)]
        waiting = await self._bridge.read(queries.list_unsent, 0.0, targets=targets)
        return [self._take_in_hand(job) for job in waiting if job.id not in self._in_hand]

    def _take_in_hand(self, job: UnsentJob) -> asyncio.Task[None]:
        task = asyncio.create_task(self._do_safely(job), name=f"job {job.id}")
        self._in_hand[job.id] = task
        task.add_done_callback(lambda _: self._in_hand.pop(job.id, None))
        return task

    async def _do_safely(self, job: UnsentJob) -> None:
        try:
            await self._do(job)
        except Exception as error:  # noqa: BLE001 - its claim runs out, and then it is free again
            _log.warning("The answer to the job %s was not stored: %s", job.id, type(error).__name__)

    async def _do(self, waiting: UnsentJob) -> None:
        job = await self._bridge.write(service.claim, waiting.id, self._claimant)
        work = self._find_work(waiting)
        if job is None or work is None:
            return
        try:
            result = await work(job)
        except SocialCubeError as error:
            problem = f"{error.message} {error.remedy}".rstrip() if job.target == FLEET else error.message
            await self._bridge.write(service.fail, job.id, self._claimant, problem)
        except Exception as error:  # noqa: BLE001 - one faulty answer must not end the runner of all bots
            self._log_broken(job, error)
            await self._bridge.write(service.fail, job.id, self._claimant, JobBrokeError().message)
        else:
            await self._bridge.write(service.finish, job.id, self._claimant, result)

    def _find_work(self, waiting: UnsentJob) -> Work | None:
        if waiting.target == FLEET:
            return self._work_for_all.get(waiting.kind, _refuse)
        client = self._find_client(waiting.target.removeprefix(_PREFIX))
        return None if client is None else lambda job: answer(job, client, self._progress_of(job))

    def _progress_of(self, job: JobView) -> Progress:
        """Give what says how far a job is, which also keeps it ours while it takes long."""

        async def progress(percent: int) -> None:
            await self._bridge.write(service.report_progress, job.id, self._claimant, percent)

        return progress

    def _log_broken(self, job: JobView, error: Exception) -> None:
        client = self._find_client(job.target.removeprefix(_PREFIX))
        if client is None:
            _log.error("The job %s (%s) broke: %s", job.id, job.kind, type(error).__name__)
        else:
            client.job_broke(job.kind, error)

    def _wake_commands(self, bot_id: str) -> None:
        """Let a bot's commands look around: its name counts for them, and what is set for its servers."""
        for unit, client in list(self._clients.items()):
            if str(unit.bot_id) == bot_id:
                client.commands_changed()

    def _find_client(self, bot_id: str) -> BotClient | None:
        try:
            return self._clients.get(Shard(UUID(bot_id), 0))
        except ValueError:
            return None


class JobBrokeError(SocialCubeError):
    """Something went wrong inside Social Cube. The error log of the bot says what."""

    code = "job_broke"


async def _refuse(job: JobView) -> dict[str, object]:
    raise UnknownJobError(kind=job.kind)

"""The commands of one bot in this runner: compiled in memory, and kept equal at the platform."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from socialcube.adapters.backoff import backoff
from socialcube.adapters.base import CommandDirectory
from socialcube.adapters.errors import CallRefusedError
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import BotLaunch, CommandsObservation
from socialcube.domain.commands import policy
from socialcube.domain.commands import service as command_service
from socialcube.domain.commands.registry import Snapshot
from socialcube.domain.commands.run import Gate, run_command
from socialcube.domain.commands.types import CommandPlan, Invocation
from socialcube.domain.logs.types import Level
from socialcube.domain.placements import service as placements
from socialcube.domain.placements.types import Lease
from socialcube.engine.ports import Responder
from socialcube.fleet.command_sync import CommandSync, Progress, SyncOutcome
from socialcube.fleet.failure_posts import FailurePoster, Post
from socialcube.fleet.parts import FleetParts
from socialcube.fleet.published import Look, Published
from socialcube.fleet.status import BotStatus
from socialcube.fleet.surroundings import Surroundings, to_bot_view
from socialcube.kernel.errors import UnavailableError

_LOOK_SECONDS: Final = 20.0
_LOAD_SECONDS: Final = 1.5
"""So long after a use its commands may come; the platform waits for an answer for twice that."""

_RETRY_SECONDS: Final = 5.0
_PROBLEM_SECONDS: Final = 3600.0
_MAX_NAMED: Final = 10

RELOAD_SECONDS: Final = 300.0
"""How often all is read again although `CommandWatch` saw no change: it looks at no names of channels."""

COMPARE_SECONDS: Final = 3600.0
"""How often the platform is compared with what is published although nothing was; spread by a quarter."""


class BotCommands:
    """Answers from a snapshot, and synchronises the platform when the snapshot changes.

    Args:
        lease: under which the bot runs.
        launch: who the bot is; a new generation synchronises even when nothing changed.
        parts: shared by all bots.
        status: the bot's state and log.
        jitter: a number from 0 to 1 that spreads the timers of many bots.
    """

    def __init__(
        self,
        lease: Lease,
        launch: BotLaunch,
        parts: FleetParts,
        status: BotStatus,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._lease = lease
        self._generation = launch.generation
        self._parts = parts
        self._status = status
        self._jitter = jitter
        self._snapshot = Snapshot()
        self._done = ""
        self._is_loaded = False
        self._try_again_at = float("inf")
        self._wake = asyncio.Event()
        self._reload_at = parts.clock.monotonic() + RELOAD_SECONDS * (0.5 + jitter())
        self._sync: CommandSync | None = None
        self._turn = asyncio.Lock()
        self._compare_at = parts.clock.monotonic() + COMPARE_SECONDS * jitter()
        self._gate = Gate(parts.clock)
        self._surroundings = Surroundings(to_bot_view(launch.external_id, launch.name))
        self._failures = FailurePoster(status, parts.clock)

    async def load(self) -> None:
        """Read and compile what is published, so that everybody after is answered from memory."""
        self._done = await self._read()
        self._is_loaded = True

    async def run_command(self, invocation: Invocation, responder: Responder) -> object:
        """Run what a person asked for. What counts at this moment stays with the run."""
        if not self._is_loaded:
            await self._load_for(invocation)
        surroundings = self._surroundings
        rules = surroundings.settings.find(invocation.guild_id)
        report = await run_command(
            invocation,
            self._snapshot if self._is_loaded else None,
            responder,
            sink=self._parts.sink,
            clock=self._parts.clock,
            bot=surroundings.bot,
            rules=rules,
            gate=self._gate,
        )
        if report.answered_before:
            self._status.log(
                "answered_before",
                f"/{invocation.command_name} was answered before, so it was not run again.",
                interaction_id=str(invocation.external_id),
            )
        else:
            self._failures.note(invocation, report, rules.log_channel_id)
        return report

    async def _load_for(self, invocation: Invocation) -> None:
        """Load what a person waits for, who asked while the session went over to us."""
        left = invocation.received + _LOAD_SECONDS - self._parts.clock.monotonic()
        # Without it the person is asked to try again, which still has to reach them in time.
        with contextlib.suppress(TimeoutError, UnavailableError, SQLAlchemyError):
            async with asyncio.timeout(max(left, 0)):
                await self.load()

    def tell_failures_with(self, post: Post) -> None:
        """Post failures in the log channels of servers with this."""
        self._failures.use(post)

    def wake(self) -> None:
        """Look at once whether something was published, or set for a server."""
        self._wake.set()

    async def plan(self) -> CommandPlan:
        """Say what a synchronisation would do, and note it for the pages.

        Raises:
            UnavailableError: the bot has not been online yet.
        """
        sync = self._started()
        async with self._turn:
            plan = await sync.plan((await self._look()).snapshot)
            await self._note(plan)
        return plan

    async def apply(self, seen: str, progress: Progress) -> SyncOutcome:
        """Bring the platform to what is published, as somebody agreed to.

        Args:
            seen: the digest of the plan that was agreed to.
            progress: hears how much is done, in percent.

        Raises:
            UnavailableError: the bot has not been online yet.
            PlanChangedError: it would be something else by now.
        """
        sync = self._started()
        async with self._turn:
            snapshot = (await self._look()).snapshot
            return await self._bring(sync, snapshot, seen=seen, progress=progress)

    async def withdraw(self) -> None:
        """Take all our commands away from the platform, since the bot was deleted here.

        Raises:
            UnavailableError: the bot has not been online, or the platform cannot be asked.
        """
        sync = self._started()
        async with self._turn:
            self._log(await sync.apply(Snapshot()))

    async def run(
        self, directory: CommandDirectory, came_up: asyncio.Event, *, patience: float = 0.0
    ) -> None:
        """Synchronise at every change until cancelled. `CommandWatch` wakes it when a hint was lost.

        Args:
            directory: the commands at the platform.
            came_up: set once the bot is online; nothing is synchronised before.
            patience: seconds over which bots that come up together spread their reading.
        """
        await came_up.wait()
        parts = self._parts
        self._sync = CommandSync(self._lease, parts.runner_id, parts.bridge, directory, parts.clock)
        await self._load_once(patience)
        failures = 0
        while True:
            try:
                await self._synchronise(self._sync)
                await self._compare(self._sync)
                pause, failures = _LOOK_SECONDS * (0.5 + self._jitter()), 0
            except (UnavailableError, SQLAlchemyError, CallRefusedError) as error:
                failures += 1
                pause = self._put_off(error, failures)
            await self._pause(pause)

    async def follow(self, came_up: asyncio.Event, *, patience: float = 0.0) -> None:
        """Read what is published at every change until cancelled. Shard 0 keeps the platform equal to it."""
        await came_up.wait()
        await self._load_once(patience)
        while True:
            await self._pause(_LOOK_SECONDS * (0.5 + self._jitter()))

    async def _load_once(self, patience: float) -> None:
        """Load, unless somebody used a command before. That can wait; the sessions of other bots cannot."""
        if patience:
            await asyncio.sleep(patience * self._jitter())
        failures = 0
        while not self._is_loaded:
            try:
                await self.load()
            except (UnavailableError, SQLAlchemyError) as error:
                failures += 1
                await asyncio.sleep(self._put_off(error, failures))

    def _put_off(self, error: Exception, failures: int) -> float:
        """Say what commands wait for. Gives for how many seconds."""
        self._status.log("commands_waiting", str(error).partition("\n")[0], level=Level.WARNING)
        return backoff(failures, base=_RETRY_SECONDS, cap=_PROBLEM_SECONDS / 6, jitter=self._jitter)

    async def _pause(self, seconds: float) -> None:
        """Wait for so long or for a wake, and read again what may have changed."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
        if self._wake.is_set() or self._parts.clock.monotonic() >= self._reload_at:
            self._wake.clear()
            await self._reload()

    async def _look(self) -> Published:
        return await self._parts.published.get(Look(self._lease.bot_id, self._snapshot))

    async def _read(self) -> str:
        """Take over what is published and set. Gives what was synchronised last by any runner."""
        found = await self._look()
        self._snapshot = found.snapshot
        self._surroundings = found.surroundings or self._surroundings
        return found.synced

    async def _reload(self) -> None:
        now = self._parts.clock.monotonic()
        self._reload_at = now
        try:
            await self._read()
        except (UnavailableError, SQLAlchemyError):
            # The bot answers from what it has; the next look tries again.
            return
        self._reload_at = now + RELOAD_SECONDS * (0.5 + self._jitter())

    async def _synchronise(self, sync: CommandSync) -> None:
        async with self._turn:
            is_done = self._key_of(self._snapshot) == self._done
            if not is_done or self._parts.clock.monotonic() >= self._try_again_at:
                await self._bring(sync, self._snapshot)

    async def _bring(self, sync: CommandSync, snapshot: Snapshot, **agreed: Any) -> SyncOutcome:
        """Bring the platform to a snapshot, and store how that went."""
        outcome = await sync.apply(snapshot, **agreed)
        key = self._key_of(snapshot)
        self._done = key
        now = self._parts.clock.monotonic()
        self._try_again_at = now + _PROBLEM_SECONDS if outcome.problems else float("inf")
        self._log(outcome)
        await self._parts.bridge.write(
            bot_service.observe_commands,
            CommandsObservation(
                bot_id=self._lease.bot_id,
                epoch=self._lease.epoch,
                digest=None if outcome.problems else key,
                synced_at=self._parts.clock.now(),
                problem=" ".join(outcome.problems)[:2000],
            ),
        )
        await self._note(outcome.left)
        return outcome

    async def _compare(self, sync: CommandSync) -> None:
        """Look from time to time whether somebody else changed our commands. Nothing is changed back."""
        now = self._parts.clock.monotonic()
        if now < self._compare_at:
            return
        self._compare_at = now + COMPARE_SECONDS * (0.75 + 0.5 * self._jitter())
        async with self._turn:
            plan = await sync.plan(self._snapshot)
            is_news = await self._note(plan)
        if is_news and not plan.is_empty:
            self._status.log("commands_drift", _say_drift(plan), level=Level.WARNING)

    async def _note(self, plan: CommandPlan) -> bool:
        return await self._parts.bridge.write(self._store_look, plan)

    def _store_look(self, uow: UnitOfWork, plan: CommandPlan) -> bool:
        placements.confirm_lease(uow, self._parts.runner_id, self._lease)
        return command_service.note_look(uow, self._lease.bot_id, plan)

    def _started(self) -> CommandSync:
        if self._sync is None:
            raise UnavailableError(service="The bot")
        return self._sync

    def _log(self, outcome: SyncOutcome) -> None:
        if outcome.problems:
            self._status.log("commands_problem", " ".join(outcome.problems)[:1000], level=Level.WARNING)
        counts = f"{len(outcome.created)} new, {len(outcome.updated)} changed, {len(outcome.deleted)} removed"
        self._status.log(
            "commands_synced",
            f"Commands are as published: {counts}."
            if outcome.did_something
            else "Commands are as published.",
            created=outcome.created,
            updated=outcome.updated,
            deleted=outcome.deleted,
        )

    def _key_of(self, snapshot: Snapshot) -> str:
        broken = sorted(str(key) for key in snapshot.broken)
        return policy.digest([snapshot.digest, broken, self._generation])


def _say_drift(plan: CommandPlan) -> str:
    """Say which of our commands are not at the platform as they were made."""
    parts = (
        ("missing", [item.name for item in plan.create]),
        ("changed", [item.desired.name for item in plan.update]),
        ("no longer published here", [item.name for item in plan.delete]),
    )
    told = "; ".join(f"{word}: {_list(names)}" for word, names in parts if names)
    return f"Somebody changed commands at Discord without Social Cube ({told}). Review the changes."


def _list(names: list[str]) -> str:
    shown = ", ".join(f"/{name}" for name in sorted(names)[:_MAX_NAMED])
    return f"{shown} and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else shown

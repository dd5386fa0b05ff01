"""Brings a bot's commands at the platform to what is published, and never touches foreign ones."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from socialcube.adapters.base import CommandDirectory
from socialcube.adapters.errors import CallRefusedError, HeldError, PlatformUnreachableError
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.commands import policy, queries, service
from socialcube.domain.commands.errors import PlanChangedError
from socialcube.domain.commands.registry import Snapshot
from socialcube.domain.commands.types import (
    CommandPlan,
    DesiredCommand,
    Registration,
    RemoteCommand,
    UnchangedCommand,
)
from socialcube.domain.placements import service as placements
from socialcube.domain.placements.types import Lease
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.clock import Clock

_NO_MORE_CREATES: Final = frozenset({30032, 30034})
"""Discord's numbers for "100 commands" and "200 creates a day": further creates would end the same."""

Progress = Callable[[int], Awaitable[None]]
"""Hears how much is done, in percent."""

_NO_ACCESS: Final = frozenset({403, 404})


async def _tell_nobody(_percent: int) -> None:
    """Keep what is done to oneself."""


@dataclass(slots=True)
class SyncOutcome:
    """What a synchronisation did, by the names of commands.

    Attributes:
        problems: one sentence for each command that could not be brought to what is published.
        left: what is still to do, with what was made elsewhere.
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left: CommandPlan = field(default_factory=CommandPlan)

    @property
    def did_something(self) -> bool:
        """Tell whether the platform was changed."""
        return bool(self.created or self.updated or self.deleted)

    def to_json(self) -> dict[str, object]:
        """Give what was done as plain JSON data, for whoever asked for it."""
        return {
            "created": self.created,
            "updated": self.updated,
            "deleted": self.deleted,
            "problems": self.problems,
        }


class CommandSync:
    """Synchronises the commands of one bot.

    What is made is noted before the platform is asked and again after it answered, so that a crash in
    between leaves no command that we would take for a foreign one, or a foreign one for ours.

    Discord has no way to create a command only if its name is free: a POST changes the command that has
    it. So each place is listed again right before its creates; what somebody else makes in the moment
    between that look and our POST would still be changed.

    Args:
        lease: under which the bot runs; every write makes sure that it still stands.
        runner_id: this process.
        bridge: to the database.
        directory: the commands at the platform.
        clock: tells which creates count for the platform's limit of a day.
    """

    def __init__(
        self, lease: Lease, runner_id: UUID, bridge: Bridge, directory: CommandDirectory, clock: Clock
    ) -> None:
        self._clock = clock
        self._lease = lease
        self._runner_id = runner_id
        self._bridge = bridge
        self._directory = directory

    async def plan(self, snapshot: Snapshot) -> CommandPlan:
        """Say what a synchronisation would do.

        Raises:
            PlatformUnreachableError, TokenInvalidError, LeaseLostError, CallRefusedError.
        """
        view = await self._look(snapshot)
        return view.plan

    async def apply(
        self, snapshot: Snapshot, *, seen: str | None = None, progress: Progress = _tell_nobody
    ) -> SyncOutcome:
        """Delete, update and create, each command by itself.

        Args:
            snapshot: the published commands.
            seen: the digest of the plan that somebody agreed to; None for whatever is to be done.
            progress: hears after each command how much is done, in percent.

        Raises:
            PlanChangedError: what is to be done is no longer what was agreed to. Nothing was done.
            PlatformUnreachableError, TokenInvalidError, LeaseLostError: then the rest is undone; calling
                again goes on. Whoever agreed to a plan of which a part was done hears of the first two in
                the outcome instead, so that nobody takes it for undone.
        """
        view = await self._look(snapshot)
        if seen is not None and policy.digest_of_plan(view.plan) != seen:
            raise PlanChangedError
        view.progress = progress
        outcome = SyncOutcome(problems=[*view.problems, *_refusals(view.plan), *_breakages(snapshot)])
        try:
            await self._delete(view, outcome)
            await self._update(view, outcome)
            await self._create(view, outcome)
        except (CallRefusedError, HeldError, PlatformUnreachableError) as error:
            if seen is None or not outcome.did_something:
                raise
            outcome.problems.append(f"{error.message} The rest is still to do: look now, then apply it.")
        await self._record(view)
        outcome.left = view.left()
        return outcome

    async def _look(self, snapshot: Snapshot) -> "_View":
        registrations = await self._bridge.read(queries.list_registrations, self._lease.bot_id)
        places: set[int | None] = {None}
        places |= {item.guild_id for item in snapshot.desired}
        places |= {entry.guild_id for entry in registrations}
        remote: list[RemoteCommand] = []
        closed: dict[int, str] = {}
        for place in sorted(places, key=lambda place: place or 0):
            try:
                remote += await self._directory.list_commands(place)
            except CallRefusedError as error:
                if place is None or error.status not in _NO_ACCESS:
                    raise
                closed[place] = error.message
        desired = [item for item in snapshot.desired if item.guild_id not in closed]
        now = self._clock.now()
        created = await self._bridge.read(queries.count_created, self._lease.bot_id, now)
        plan = policy.plan(desired, remote, registrations, keep=frozenset(snapshot.broken), created=created)
        problems = [
            f"/{item.name}: {closed[item.guild_id]}" for item in snapshot.desired if item.guild_id in closed
        ]
        return _View(plan, _ledger(plan, remote, registrations, closed), problems)

    async def _delete(self, view: "_View", outcome: SyncOutcome) -> None:
        for command in view.plan.delete:
            try:
                await self._directory.delete_command(command.guild_id, command.external_id)
            except CallRefusedError as error:
                outcome.problems.append(f"/{command.name}: {error.message}")
                continue
            view.ledger.pop(command.external_id, None)
            outcome.deleted.append(command.name)
            await view.note_done(command, command.external_id)

    async def _update(self, view: "_View", outcome: SyncOutcome) -> None:
        for update in view.plan.update:
            try:
                await self._directory.update_command(update.external_id, update.desired)
            except CallRefusedError as error:
                outcome.problems.append(f"/{update.desired.name}: {error.message}")
                continue
            view.ledger[update.external_id] = _registration(update.external_id, update.desired)
            outcome.updated.append(update.desired.name)
            await view.note_done(update, update.external_id)

    async def _create(self, view: "_View", outcome: SyncOutcome) -> None:
        taken: dict[int | None, set[str]] = {}
        for desired in view.plan.create:
            if desired.guild_id not in taken:
                taken[desired.guild_id] = await self._list_names(desired.guild_id)
            if desired.name in taken[desired.guild_id]:
                outcome.problems.append(f"/{desired.name}: {policy.CLASH}")
                continue
            await self._bridge.write(self._note_intent, desired)
            try:
                external_id = await self._directory.create_command(desired)
            except CallRefusedError as error:
                outcome.problems.append(f"/{desired.name}: {error.message}")
                if error.api_code in _NO_MORE_CREATES:
                    return
                continue
            view.ledger[external_id] = _registration(external_id, desired)
            await self._record(view)
            outcome.created.append(desired.name)
            await view.note_done(desired, external_id)

    async def _list_names(self, place: int | None) -> set[str]:
        """List the slash commands of a place anew: a foreign one may have come since the plan was made."""
        found = await self._directory.list_commands(place)
        return {command.name for command in found if command.kind == policy.CHAT_INPUT}

    async def _record(self, view: "_View") -> None:
        await self._bridge.write(self._note_made, list(view.ledger.values()))

    def _note_intent(self, uow: UnitOfWork, desired: DesiredCommand) -> None:
        placements.confirm_lease(uow, self._runner_id, self._lease)
        service.record_intents(uow, self._lease.bot_id, [desired])

    def _note_made(self, uow: UnitOfWork, made: list[Registration]) -> None:
        placements.confirm_lease(uow, self._runner_id, self._lease)
        service.record_registrations(uow, self._lease.bot_id, made)


@dataclass(slots=True)
class _View:
    """One look at the platform: what to do, what is ours there, and which places are closed to us."""

    plan: CommandPlan
    ledger: dict[int, Registration]
    problems: list[str]
    progress: Progress = _tell_nobody
    done: dict[int, int] = field(default_factory=dict)

    async def note_done(self, step: object, external_id: int) -> None:
        """Note that a step of the plan was done to a command, and say how far all of them are."""
        self.done[id(step)] = external_id
        await self.progress(len(self.done) * 100 // self.plan.steps)

    def left(self) -> CommandPlan:
        """Give the plan as a new look would: what was done is as published."""
        plan, done = self.plan, self.done
        made = [step for step in plan.create if id(step) in done]
        changed = [step for step in plan.update if id(step) in done]
        creates = Counter(step.guild_id for step in made)
        return replace(
            plan,
            create=tuple(step for step in plan.create if id(step) not in done),
            update=tuple(step for step in plan.update if id(step) not in done),
            delete=tuple(step for step in plan.delete if id(step) not in done),
            unchanged=(
                *plan.unchanged,
                *(UnchangedCommand(done[id(step)], step) for step in made),
                *(UnchangedCommand(step.external_id, step.desired) for step in changed),
            ),
            creates_left={place: left - creates[place] for place, left in plan.creates_left.items()},
        )


def _ledger(
    plan: CommandPlan,
    remote: list[RemoteCommand],
    registrations: list[Registration],
    closed: dict[int, str],
) -> dict[int, Registration]:
    """List what is ours at the platform now, with what a crash left unrecorded."""
    there = {command.external_id for command in remote}
    ledger = {
        entry.external_id: entry
        for entry in registrations
        if entry.external_id is not None and (entry.external_id in there or entry.guild_id in closed)
    }
    for unchanged in plan.unchanged:
        ledger[unchanged.external_id] = _registration(unchanged.external_id, unchanged.desired)
    for command in (*plan.delete, *plan.kept):
        ledger.setdefault(
            command.external_id, Registration(command.external_id, command.guild_id, command.name, "")
        )
    for update in plan.update:
        ledger.setdefault(update.external_id, _registration(update.external_id, update.desired))
    return ledger


def _registration(external_id: int, desired: DesiredCommand) -> Registration:
    return Registration(external_id, desired.guild_id, desired.name, desired.digest)


def _refusals(plan: CommandPlan) -> list[str]:
    return [f"/{item.desired.name}: {item.reason}" for item in plan.refused]


def _breakages(snapshot: Snapshot) -> list[str]:
    return [
        f"/{item.published.name} cannot run: {item.problems[0].message}" for item in snapshot.broken.values()
    ]

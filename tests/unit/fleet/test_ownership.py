"""Whatever happens to runners, clocks and the database: one owner at most, and nothing is forgotten."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from socialcube.db.session import create_engine, write_sessions
from socialcube.db.types import now_plus
from socialcube.domain import tables
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import DesiredState, WantedBot
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.models import Runner
from socialcube.domain.placements.types import Lease
from socialcube.fleet.placement import Placements, RunnerIdentity
from socialcube.fleet.supervisor import Supervisor
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import FleetSettings
from tests.factories.bots import make_bot
from tests.fakes.bridge import DirectBridge, away, read_only
from tests.fakes.clock import FakeClock
from tests.fakes.engine import settle
from tests.fakes.fleet import make_parts
from tests.fakes.logs import FakeSink
from tests.fakes.shard_client import FakeClient

SETTINGS: Final = FleetSettings(
    lease_seconds=20, renew_seconds=5, reconcile_seconds=5, max_bots=500, drain_seconds=20
)
TABLES: Final = [
    table
    for table in tables.metadata.sorted_tables
    if table.name in {"bots", "bot_tags", "bot_states", "runners", "placements"}
]
BOTS: Final = 3
MAX_SHARDS: Final = 3
RUNNERS: Final = 4
PHASES: Final = (Phase.explicit, Phase.generate)
"""Without shrinking: a minute of rules is quick to read, and shrinking it takes many."""

EXAMPLES: Final = 6

_Answer = TypeVar("_Answer")


class FaultyBridge(DirectBridge):
    """A runner's way to the database that can be cut, and a database that takes no writes."""

    refuses_writes = False
    is_refused = False

    async def write(self, *args: Any, **kwargs: Any) -> Any:
        if self.refuses_writes or self.is_refused:
            raise read_only()
        return await super().write(*args, **kwargs)


class RunnerProcess:
    """One runner: the real supervisor over clients that run nothing, and whether it does anything now."""

    def __init__(self, number: int, runner_id: UUID, bridge: FaultyBridge, clock: FakeClock) -> None:
        identity = RunnerIdentity(runner_id, f"host {number}", Path(f"/nowhere/{number}.lock"))
        self.bridge = bridge
        self.placements = Placements(bridge, identity, SETTINGS, clock)
        parts, _ = make_parts(bridge, runner_id, SETTINGS, clock, FakeSink())
        self.supervisor = Supervisor(
            replace(parts, placements=self.placements),
            SETTINGS,
            self.make,  # type: ignore[arg-type] # the supervisor asks for no more than the fake has
        )
        self.is_paused = False
        self.may_stop = asyncio.Event()
        self.may_stop.set()
        self.renewed_at = clock.monotonic()

    def __repr__(self) -> str:
        return self.placements.runner.host

    def make(self, lease: Lease, wanted: WantedBot) -> FakeClient:
        client = FakeClient(lease, wanted)
        client.may_stop = self.may_stop
        return client

    def list_speaking(self) -> list[Any]:
        """List the clients that may send something at this moment."""
        clients = self.supervisor.clients.values()
        return [each for each in clients if not each.is_over and self.placements.vouches(each.lease)]


class Ownership(RuleBasedStateMachine):
    """Runners that come, go, stop and lose the database, at any moment.

    Time passes for all alike; what a runner is not told to do, it does not do. Bots are wanted, stopped,
    started afresh and wanted in other numbers of shards meanwhile, and their farewells may take long.
    """

    runners = Bundle("runners")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.engine = create_engine(Secret("sqlite://"), poolclass=StaticPool)
        tables.metadata.create_all(self.engine, tables=TABLES)
        self.clock = FakeClock()
        self.living: list[RunnerProcess] = []
        self.made = 0
        self.set_refusing(False)
        self.store_bots()

    def store_bots(self) -> None:
        with write_sessions(self.engine)() as session:
            running = DesiredState.RUNNING
            self.bots = sorted(make_bot(session, desired_state=running).id for _ in range(BOTS))
            session.commit()

    @rule(target=runners)
    def start(self) -> Any:
        if len(self.living) >= RUNNERS or self.refuses_writes:
            return multiple()
        self.made += 1
        bridge = FaultyBridge(self.engine, self.clock)
        register = service.register_runner
        name = f"host {self.made}"
        runner_id = self.run(bridge.write(register, host=name, pid=1, lock_path=""))
        runner = RunnerProcess(self.made, runner_id, bridge, self.clock)
        self.living.append(runner)
        return runner

    @rule(runner=runners)
    def look_around(self, runner: RunnerProcess) -> None:
        if self.acts(runner):
            self.run(self.reconcile(runner))

    @rule(runner=runners)
    def slow_down_or_hasten_farewells(self, runner: RunnerProcess) -> None:
        if not runner.may_stop.is_set():
            runner.may_stop.set()
            self.run(settle())
        else:
            runner.may_stop.clear()

    @rule(runner=runners)
    def renew(self, runner: RunnerProcess) -> None:
        if self.acts(runner):
            self.run(self.keep_alive(runner))

    @rule(seconds=st.sampled_from([0.5, 1, 4, 5, 16, 21]))
    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(steps=st.integers(1, 6))
    def live(self, steps: int) -> None:
        """Let all do for a while what they do when nothing is wrong with them."""
        for _ in range(steps):
            self.run(self.live_on())

    @rule(runner=runners)
    def pause_or_go_on(self, runner: RunnerProcess) -> None:
        if runner in self.living:
            runner.is_paused = not runner.is_paused

    @rule(runner=runners)
    def cut_off_or_join(self, runner: RunnerProcess) -> None:
        if runner in self.living:
            runner.bridge.fault = None if runner.bridge.fault else away()

    @rule(runner=consumes(runners))
    def die(self, runner: RunnerProcess) -> None:
        if runner in self.living:
            self.run(self.end(runner))

    @rule(runner=consumes(runners))
    def leave(self, runner: RunnerProcess) -> None:
        if self.acts(runner):
            runner.may_stop.set()
            self.run(self.survive(runner, runner.supervisor.drain(20)))
            self.run(self.end(runner))

    @rule()
    def refuse_or_take_writes(self) -> None:
        self.set_refusing(not self.refuses_writes)

    @rule(runner=runners)
    def refuse_or_take_writes_of_one(self, runner: RunnerProcess) -> None:
        runner.bridge.is_refused = not runner.bridge.is_refused

    @rule(bot=st.integers(0, BOTS - 1), count=st.integers(0, MAX_SHARDS))
    def want(self, bot: int, count: int) -> None:
        if count:
            self.wish(bot, desired_state=DesiredState.RUNNING, shard_count=count)
        else:
            self.wish(bot, desired_state=DesiredState.STOPPED)

    @rule(bot=st.integers(0, BOTS - 1))
    def restart(self, bot: int) -> None:
        self.wish(bot)

    @rule(runner=runners, bot=st.integers(0, BOTS - 1), count=st.integers(0, MAX_SHARDS))
    def want_something_else_during_a_restart(self, runner: RunnerProcess, bot: int, count: int) -> None:
        """Do in one go what chance brings about too rarely."""
        if self.acts(runner):
            runner.may_stop.clear()
            self.wish(bot)
            self.run(self.reconcile(runner))
            self.want(bot, count)
            runner.may_stop.set()
            self.run(settle())
            self.run(self.reconcile(runner))

    def wish(self, bot: int, **values: Any) -> None:
        changed = update(Bot).where(Bot.id == self.bots[bot])
        with self.engine.begin() as connection:
            connection.execute(changed.values(generation=Bot.generation + 1, **values))

    @rule(hours=st.sampled_from([-24, -1, 1, 24]))
    def set_the_wall_clock(self, hours: int) -> None:
        """Set the clock of the database: every moment in it is so much earlier or later then."""
        with self.engine.begin() as connection:
            connection.execute(update(Runner).values(seen_at=now_plus(-3600.0 * hours)))

    @invariant()
    def nobody_shares_a_shard(self) -> None:
        owners = Counter(
            lease.unit
            for runner in self.living
            for lease in list(runner.placements._leases.values())
            if runner.placements.vouches(lease)
        )
        assert max(owners.values(), default=1) == 1

    @invariant()
    def nobody_speaks_for_a_bot_in_two_numbers_of_shards(self) -> None:
        speaking = [client for runner in self.living for client in runner.list_speaking()]
        assert all(client.shard_count == client.lease.shard_count for client in speaking)
        counts = Counter(bot_id for bot_id, _ in {(each.bot_id, each.shard_count) for each in speaking})
        assert max(counts.values(), default=1) == 1

    @invariant()
    def nobody_runs_a_bot_in_two_numbers_of_shards(self) -> None:
        with self.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT bot_id FROM placements WHERE runner_id IN (SELECT id FROM runners) "
                "GROUP BY bot_id HAVING count(DISTINCT shard_count) > 1"
            )
            assert rows.all() == []

    def teardown(self) -> None:
        try:
            self.heal()
            self.everything_wanted_is_owned_once()
            for runner in list(self.living):
                self.run(self.end(runner))
        finally:
            self.engine.dispose()
            self.loop.close()

    def heal(self) -> None:
        """Give back what makes runners work, and a while for it."""
        self.set_refusing(False)
        for runner in self.living:
            runner.is_paused, runner.bridge.fault, runner.bridge.is_refused = False, None, False
            runner.may_stop.set()
        if not self.living:
            self.start()
        for _ in range(28):
            self.run(self.live_on())
            self.nobody_shares_a_shard()

    def everything_wanted_is_owned_once(self) -> None:
        with write_sessions(self.engine)() as session:
            wanted = bots.list_wanted(session)
        held = Counter(lease.unit for runner in self.living for lease in runner.placements.list_held())
        assert held == Counter(unit for bot in wanted for unit in bot.units)
        running = {(each.unit, each.generation) for runner in self.living for each in runner.list_speaking()}
        assert running == {(unit, bot.generation) for bot in wanted for unit in bot.units}

    def set_refusing(self, refuses: bool) -> None:
        self.refuses_writes = refuses
        FaultyBridge.refuses_writes = refuses

    def acts(self, runner: RunnerProcess) -> bool:
        return runner in self.living and not runner.is_paused

    def run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        return self.loop.run_until_complete(work)

    async def live_on(self) -> None:
        self.clock.advance(2.5)
        for runner in [runner for runner in self.living if not runner.is_paused]:
            await runner.supervisor.abandon_lost()
            await self.survive(runner, runner.placements.free_dead_runners())
            if self.clock.monotonic() - runner.renewed_at >= SETTINGS.renew_seconds:
                await self.keep_alive(runner)
                await self.reconcile(runner)

    async def keep_alive(self, runner: RunnerProcess) -> None:
        runner.renewed_at = self.clock.monotonic()
        await self.survive(runner, runner.placements.renew())

    async def reconcile(self, runner: RunnerProcess) -> None:
        await runner.supervisor.abandon_lost()
        await self.survive(runner, runner.supervisor.reconcile())
        await settle()

    async def end(self, runner: RunnerProcess) -> None:
        """End a process, with whatever it was about."""
        if runner in self.living:
            self.living.remove(runner)
        for farewell in list(runner.supervisor._leaving.values()):
            farewell.cancel()
        await settle()

    async def survive(self, runner: RunnerProcess, work: Coroutine[Any, Any, object]) -> None:
        """Do what a runner does: go on without the database, and end when it was declared dead."""
        try:
            with suppress(DBAPIError):
                await work
        except LeaseLostError:
            assert runner.placements.list_held() == []
            await self.end(runner)


def assert_ownership_holds(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Ownership,
        settings=hypothesis_settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, phases=PHASES
        ),
    )


def test_one_owner_at_most_and_nothing_wanted_is_forgotten() -> None:
    assert_ownership_holds(examples=EXAMPLES, steps=25)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_one_owner_at_most_and_nothing_wanted_is_forgotten_for_long() -> None:
    assert_ownership_holds(examples=1000, steps=60)

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text, update

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import Reason, WantedBot
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.policy import claim_limit
from socialcube.domain.placements.types import Lease, Shard
from socialcube.fleet import supervisor as module
from socialcube.fleet.heartbeat import LoopStalledError
from socialcube.fleet.supervisor import Supervisor
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.settings import FleetSettings
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import START, FakeClock
from tests.fakes.engine import settle
from tests.fakes.fleet import make_parts
from tests.fakes.logs import FakeSink
from tests.fakes.shard_client import FakeClient

StoreBots = Callable[[int], list[UUID]]


class Scene:
    def __init__(
        self,
        engine: Engine,
        bridge: DirectBridge,
        runner_id: UUID,
        settings: FleetSettings,
        clock: FakeClock,
    ) -> None:
        self.engine, self.bridge, self.clock, self.runner_id = engine, bridge, clock, runner_id
        self.made: list[FakeClient] = []
        self.parts, _ = make_parts(bridge, runner_id, settings, clock, FakeSink())
        self.supervisor = Supervisor(
            self.parts,
            settings,
            self.make,  # type: ignore[arg-type] # the supervisor asks for no more than the fake has
        )

    def make(self, lease: Lease, wanted: WantedBot) -> FakeClient:
        self.made.append(FakeClient(lease, wanted))
        return self.made[-1]

    async def reconcile(self) -> None:
        await self.supervisor.reconcile()
        await settle()

    def change(self, bot_id: UUID, **changes: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(Bot).where(Bot.id == bot_id).values(**changes))

    def hold(self, bot_id: UUID, generation: int = 1) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                text("UPDATE bot_states SET held_generation = :generation WHERE bot_id = :id"),
                {"id": bot_id.hex, "generation": generation},
            )

    async def owned(self) -> set[UUID]:
        return {lease.bot_id for lease in await self.bridge.read(queries.list_leases, self.runner_id)}

    def running(self) -> list[tuple[UUID, int]]:
        return sorted(self.supervisor.clients)


@pytest.fixture
def scene(
    engine: Engine, bridge: DirectBridge, runner_id: UUID, settings: FleetSettings, clock: FakeClock
) -> Scene:
    return Scene(engine, bridge, runner_id, settings, clock)


async def test_wanted_bots_are_claimed_and_started_once(scene: Scene, store_bots: StoreBots) -> None:
    stored = store_bots(3)
    await scene.reconcile()
    await scene.reconcile()
    assert sorted(client.bot_id for client in scene.made) == sorted(stored)
    assert all(client.started for client in scene.made)


async def test_bot_that_is_wanted_no_more_is_ended_and_given_back(
    scene: Scene, store_bots: StoreBots
) -> None:
    [bot] = store_bots(1)
    await scene.reconcile()
    scene.change(bot, desired_state="stopped")
    await scene.reconcile()
    [client] = scene.made
    assert client.stops == [("It was stopped here.", False, 5.0, None)]
    assert scene.supervisor.clients == {}
    assert await scene.owned() == set()


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_only_a_deleted_bot_takes_its_commands_along(
    scene: Scene, store_bots: StoreBots, is_deleted: bool
) -> None:
    [bot_id] = store_bots(1)
    await scene.supervisor.reconcile()
    with scene.engine.begin() as connection:
        deleted_at = scene.clock.now() if is_deleted else None
        values = {"desired_state": "stopped", "deleted_at": deleted_at}
        connection.execute(update(Bot).where(Bot.id == bot_id).values(values))
    await scene.supervisor.reconcile()
    await settle()
    assert (scene.made[0].withdrawn, len(scene.made[0].stops)) == (int(is_deleted), 1)


async def test_new_wish_runs_the_bot_afresh_under_the_same_lease(scene: Scene, store_bots: StoreBots) -> None:
    [bot] = store_bots(1)
    await scene.reconcile()
    scene.change(bot, generation=2)
    await scene.reconcile()
    await scene.reconcile()
    first, second = scene.made
    assert first.stops[0][0] == "It starts afresh."
    assert (second.generation, second.lease) == (2, first.lease)


async def test_held_bot_is_given_back_and_not_started_again(scene: Scene, store_bots: StoreBots) -> None:
    [bot] = store_bots(1)
    await scene.reconcile()
    scene.made[0].is_over = True
    scene.hold(bot)
    await scene.reconcile()
    await scene.reconcile()
    assert len(scene.made) == 1
    assert scene.made[0].stops[0][0] == "It waits for somebody to look at it."
    assert await scene.owned() == set()


async def test_every_shard_is_run_by_itself_and_a_hold_of_one_stops_all(
    scene: Scene, store_bots: StoreBots
) -> None:
    [bot] = store_bots(1)
    scene.change(bot, shard_count=3)
    await scene.reconcile()
    assert scene.running() == [(bot, 0), (bot, 1), (bot, 2)]
    scene.made[1].is_over = True
    scene.hold(bot)
    await scene.reconcile()
    assert scene.running() == []
    assert await scene.owned() == set()


async def test_one_shard_that_ended_is_started_again_and_the_others_go_on(
    scene: Scene, store_bots: StoreBots
) -> None:
    [bot] = store_bots(1)
    scene.change(bot, shard_count=2)
    await scene.reconcile()
    scene.made[1].is_over = True
    await scene.reconcile()
    await scene.reconcile()
    assert [client.unit.number for client in scene.made] == [0, 1, 1]
    assert scene.made[0].stops == []


@pytest.mark.parametrize("counts", [(1, 3), (3, 1)])
async def test_another_number_of_shards_begins_only_when_none_of_the_old_number_is_left(
    scene: Scene, store_bots: StoreBots, counts: tuple[int, int]
) -> None:
    before, after = counts
    [bot] = store_bots(1)
    scene.change(bot, shard_count=before)
    await scene.reconcile()
    slow = scene.made[0]
    slow.may_stop.clear()
    scene.change(bot, shard_count=after, generation=2)
    for _ in range(3):
        await scene.reconcile()
    assert scene.running() == [(bot, 0)]
    slow.may_stop.set()
    await settle()
    await scene.reconcile()
    assert scene.running() == [(bot, number) for number in range(after)]
    assert {client.shard_count for client in scene.made[before:]} == {after}
    assert {client.stops[0][0] for client in scene.made[:before]} == {"It starts afresh."}


async def test_wish_for_another_number_of_shards_during_a_restart_leaves_no_shard_behind(
    scene: Scene, store_bots: StoreBots
) -> None:
    [bot] = store_bots(1)
    scene.change(bot, shard_count=2)
    await scene.reconcile()
    slow = scene.made[1]
    slow.may_stop.clear()
    scene.change(bot, generation=2)
    await scene.reconcile()
    await scene.reconcile()
    scene.change(bot, shard_count=3, generation=3)
    await scene.reconcile()
    slow.may_stop.set()
    await settle()
    await scene.reconcile()
    assert scene.running() == [(bot, 0), (bot, 1), (bot, 2)]
    assert {client.lease.shard_count for client in scene.supervisor.clients.values()} == {3}


async def test_shard_that_is_unwanted_by_the_end_of_its_restart_is_given_back(
    scene: Scene, store_bots: StoreBots
) -> None:
    [bot] = store_bots(1)
    await scene.reconcile()
    scene.made[0].may_stop.clear()
    scene.change(bot, generation=2)
    await scene.reconcile()
    scene.change(bot, desired_state="stopped")
    scene.made[0].may_stop.set()
    await settle()
    await scene.reconcile()
    assert len(scene.made) == 1
    assert await scene.owned() == set()


async def test_bot_that_is_held_while_the_supervisor_looks_does_not_get_a_second_try(
    scene: Scene, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [bot] = store_bots(1)
    await scene.reconcile()
    original = bridge.read

    async def read_then_hold(*args: object, **kwargs: object) -> object:
        found: object = await original(*args, **kwargs)  # type: ignore[arg-type] # handed on as it came
        scene.hold(bot)
        scene.made[0].is_over = True
        return found

    bridge.read = read_then_hold  # type: ignore[method-assign, assignment] # the moment between two looks
    await scene.reconcile()
    bridge.read = original  # type: ignore[method-assign] # see above
    await scene.reconcile()
    assert len(scene.made) == 1


async def test_bot_whose_task_ended_is_started_again(scene: Scene, store_bots: StoreBots) -> None:
    store_bots(1)
    await scene.reconcile()
    scene.made[0].is_over = True
    await scene.reconcile()
    await scene.reconcile()
    assert len(scene.made) == 2


async def test_slow_farewell_keeps_no_other_bot_waiting(scene: Scene, store_bots: StoreBots) -> None:
    [slow] = store_bots(1)
    await scene.reconcile()
    scene.made[0].may_stop.clear()
    scene.change(slow, desired_state="stopped")
    [fresh] = store_bots(1)
    await scene.reconcile()
    await scene.reconcile()
    assert [client.bot_id for client in scene.made] == [slow, fresh]
    scene.made[0].may_stop.set()
    await settle()
    assert scene.running() == [(fresh, 0)]


async def test_bots_are_given_to_a_settled_runner_a_few_at_a_time(
    scene: Scene, store_bots: StoreBots
) -> None:
    store_bots(24)
    await scene.reconcile()
    await scene.bridge.write(service.register_runner, host="there", pid=2, lock_path="")
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE runners SET started_at = '2020-01-01 00:00:00.000000'"))
    for _ in range(3):
        await scene.reconcile()
    assert len(scene.supervisor.clients) == 14
    scene.clock.advance(5)
    await scene.reconcile()
    await scene.reconcile()
    assert len(scene.supervisor.clients) == 12
    assert {client.stops[0][1] for client in scene.made if client.stops} == {True}


async def test_bot_that_cannot_be_vouched_for_is_abandoned_without_draining(
    scene: Scene, store_bots: StoreBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_bots(1)
    await scene.reconcile()
    monkeypatch.setattr(module, "_GUARD_SECONDS", 0)
    task = asyncio.create_task(scene.supervisor.guard_for_ever())
    for _ in range(5):
        await settle()
    assert scene.made[0].stops == []
    scene.clock.advance(16)
    for _ in range(5):
        await settle()
    assert scene.made[0].stops == [("Its lease ran out.", True, 0, Reason.RUNNER_LOST)]
    assert scene.supervisor.clients == {}
    task.cancel()


async def test_state_of_running_bots_is_refreshed_now_and_then(
    scene: Scene, store_bots: StoreBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_bots(1)
    await scene.reconcile()
    monkeypatch.setattr(module, "_GUARD_SECONDS", 0)
    monkeypatch.setattr(module, "_STATE_SECONDS", 10)
    task = asyncio.create_task(scene.supervisor.guard_for_ever())
    await settle()
    assert scene.made[0].refreshed == 0
    scene.clock.advance(10)
    await settle()
    assert scene.made[0].refreshed == 1
    task.cancel()


async def test_what_is_old_is_forgotten_now_and_then(
    scene: Scene, store_bots: StoreBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    [bot] = store_bots(1)
    await scene.bridge.write(bot_service.sample_latency, [(bot, 12.0)])
    monkeypatch.setattr(module, "_NEIGHBOUR_SECONDS", 0)
    task = asyncio.create_task(scene.supervisor.watch_neighbours_for_ever())
    for days, left in ((0, 1), (4, 0)):
        scene.clock.advance(days * 24 * 3600 + 61)
        for _ in range(5):
            await settle()
        samples = await scene.bridge.read(bots.list_latency, bot, START - timedelta(hours=1))
        assert len(samples) == left
    task.cancel()


async def test_drain_hands_over_and_leaves_nothing_behind(scene: Scene, store_bots: StoreBots) -> None:
    store_bots(2)
    await scene.reconcile()
    await scene.supervisor.drain(20)
    assert [client.stops for client in scene.made] == [
        [("Its runner was stopped.", True, 15, Reason.RUNNER_LOST)]
    ] * 2
    assert await scene.owned() == set()
    assert await scene.bridge.read(queries.list_living_runners, within=20) == []


async def test_drain_waits_for_farewells_and_stops_together(scene: Scene, store_bots: StoreBots) -> None:
    [leaving, _] = store_bots(2)
    await scene.reconcile()
    by_bot = {client.bot_id: client for client in scene.made}
    [other] = [client for client in scene.made if client.bot_id != leaving]
    by_bot[leaving].may_stop.clear()
    scene.change(leaving, desired_state="stopped")
    await scene.reconcile()

    async def stop(*_: object, **_options: object) -> None:
        by_bot[leaving].may_stop.set()

    other.stop = stop  # type: ignore[method-assign] # its end is what the farewell waits for
    async with asyncio.timeout(10):
        await scene.supervisor.drain(8)
    assert [sentence for sentence, *_ in by_bot[leaving].stops] == ["It was stopped here."]
    assert await scene.owned() == set()


async def test_drain_gives_each_shard_back_as_soon_as_nothing_of_it_runs(
    scene: Scene, store_bots: StoreBots
) -> None:
    slow, quick = store_bots(2)
    await scene.reconcile()
    [waiting] = [client for client in scene.made if client.bot_id == slow]
    waiting.may_stop.clear()
    other = await scene.bridge.write(service.register_runner, host="there", pid=2, lock_path="/nowhere/two")
    draining = asyncio.create_task(scene.supervisor.drain(20))
    for _ in range(5):
        await settle()
    assert await scene.owned() == {slow}
    # The others need not wait for a share that the one who leaves has not left yet.
    share = await scene.bridge.read(queries.get_share, wanted=2, within=20, settled_after=20)
    assert claim_limit(share, 500) == 2
    wanted = {Shard(slow, 0): 1, Shard(quick, 0): 1}
    [taken] = await scene.bridge.write(service.claim_shards, other, wanted, at_most=2)
    assert taken.bot_id == quick
    waiting.may_stop.set()
    await draining
    assert await scene.owned() == set()


async def test_drain_gives_the_leases_back_in_time_although_a_bot_hangs(
    scene: Scene, store_bots: StoreBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FAREWELL_SECONDS", 60.04)
    monkeypatch.setattr(module, "_LAST_SECONDS", 60.0)
    store_bots(2)
    await scene.reconcile()
    scene.made[0].may_stop.clear()
    async with asyncio.timeout(10):
        await scene.supervisor.drain(60.05)
    assert scene.made[0].stops == []
    assert len(scene.made[1].stops) == 1
    assert scene.supervisor.clients == {}
    assert await scene.owned() == set()


async def test_drain_says_so_when_the_leases_cannot_be_given_back_in_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FAREWELL_SECONDS", 0.02)
    monkeypatch.setattr(module, "_LAST_SECONDS", 0.01)

    async def hang() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(scene.parts.placements, "retire", hang)
    with pytest.raises(UnavailableError):
        await scene.supervisor.drain(0)


async def test_database_away_ends_no_loop(scene: Scene, store_bots: StoreBots) -> None:
    store_bots(1)
    scene.bridge.fault = away()
    tasks = [
        asyncio.create_task(scene.supervisor.reconcile_for_ever()),
        asyncio.create_task(scene.supervisor.renew_for_ever()),
    ]
    await settle()
    assert not any(task.done() for task in tasks)
    scene.bridge.fault = None
    scene.supervisor.wake()
    for _ in range(5):
        await settle()
    assert len(scene.made) == 1
    await scene.supervisor.settled()
    for task in tasks:
        task.cancel()


async def test_runner_that_was_declared_dead_ends(scene: Scene) -> None:
    await scene.bridge.write(service.retire_runner, scene.runner_id)
    with pytest.raises(LeaseLostError):
        await scene.supervisor.renew_for_ever()


async def test_runner_that_stood_still_does_not_even_say_that_it_lives(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = 0
    original = scene.parts.placements.renew

    async def renew() -> None:
        nonlocal renewals
        renewals += 1
        await original()

    async def stand_still(_seconds: float) -> None:
        scene.clock.advance(60)

    monkeypatch.setattr(scene.parts.placements, "renew", renew)
    monkeypatch.setattr(asyncio, "sleep", stand_still)
    with pytest.raises(LoopStalledError):
        await scene.supervisor.renew_for_ever()
    assert renewals == 1

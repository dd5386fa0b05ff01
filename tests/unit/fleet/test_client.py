import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from socialcube.adapters.base import Connection, SessionStarts
from socialcube.adapters.errors import (
    ConnectionRefusedByPlatformError,
    IntentsMissingError,
    PlatformUnreachableError,
    TokenInvalidError,
)
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.policy import fingerprint_of
from socialcube.domain.bots.types import BotView, GatewayState, ProcessState, Reason, WantedBot
from socialcube.domain.guilds import service as guilds
from socialcube.domain.guilds.queries import find_manager_check, list_guilds_of_bot
from socialcube.domain.guilds.types import ManagerCheck
from socialcube.domain.logs.types import BotLogRecord, CommandLogRecord, ErrorLogRecord
from socialcube.domain.placements import queries as placements
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from socialcube.domain.placements.types import Lease, ResumableSession, SessionTerms, Shard
from socialcube.fleet import client as module
from socialcube.fleet.client import BotClient
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import FleetSettings
from tests.factories.commands import make_invocation
from tests.factories.guilds import make_guild
from tests.fakes.adapter import FakeAdapter
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import START, FakeClock
from tests.fakes.engine import FakeResponder, settle
from tests.fakes.fleet import make_parts
from tests.fakes.logs import FakeSink

LEFT = ResumableSession("abc", 7, "wss://resume.test", 5001)


class Scene:
    """One client under a real lease."""

    def __init__(
        self,
        bridge: DirectBridge,
        runner_id: UUID,
        settings: FleetSettings,
        clock: FakeClock,
        sink: FakeSink,
    ) -> None:
        self.bridge, self.clock, self.sink = bridge, clock, sink
        self.parts, self.adapters = make_parts(bridge, runner_id, settings, clock, sink)
        self.client: BotClient

    async def start(self, bot_id: UUID) -> None:
        [lease] = await self.parts.placements.claim({Shard(bot_id, 0): 1})
        self.client = BotClient(lease, WantedBot(bot_id, 1), self.parts)
        self.client.start()
        await self.adapter_number(1)

    async def adapter_number(self, number: int) -> FakeAdapter:
        """Wait for the adapter of the so many-th life, unless the client ends before."""
        for _ in range(200):
            if len(self.adapters.made) >= number or self.client.is_over:
                break
            await settle()
        return self.adapters.made[number - 1]

    async def over(self) -> None:
        for _ in range(200):
            if self.client.is_over:
                return
            await settle()
        pytest.fail("the client goes on")

    async def view(self) -> BotView:
        await self.parts.reporter.flush()
        return await self.bridge.read(bots.get_bot, self.client.bot_id)

    async def store_guilds(self) -> None:
        assert self.client._life is not None
        await self.client._life.guilds.flush()

    async def left(self) -> ResumableSession | None:
        """Give what the next runner would go on with."""
        found = await self.bridge.read(placements.list_sessions, {self.client.unit: SessionTerms(1, 1, 1)})
        return found.get(self.client.unit)

    def kinds(self) -> list[str]:
        return [record.kind for record in self.sink.of(BotLogRecord)]


@pytest.fixture
async def scene(
    bridge: DirectBridge,
    runner_id: UUID,
    settings: FleetSettings,
    clock: FakeClock,
    sink: FakeSink,
    store_bots: Callable[[int], list[UUID]],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Scene]:
    scene = Scene(bridge, runner_id, settings, clock, sink)

    async def no_wait(_seconds: float) -> None:
        await settle()

    monkeypatch.setattr(module, "asyncio", _Asyncio(no_wait))
    await scene.start(store_bots(1)[0])
    yield scene
    await scene.client.stop("The test is over.", hand_over=False, drain_seconds=0)


class _Asyncio:
    """asyncio, but for its sleep."""

    def __init__(self, sleep: object) -> None:
        self.sleep = sleep

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)


async def test_bot_is_started_with_its_opened_token(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    assert adapter.launch.token.reveal() == "opened"
    view = await scene.view()
    assert (view.state.process, view.state.gateway) == (ProcessState.STARTING, GatewayState.CONNECTING)


async def test_a_token_that_was_stored_without_a_fingerprint_gets_one_when_it_is_opened(scene: Scene) -> None:
    assert (await scene.view()).token_fingerprint == fingerprint_of(Secret("opened"))


async def test_session_is_reported_on_both_axes_and_logged(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    await adapter.events.admit_start(SessionStarts(999, 1000, 0))
    adapter.events.connected(Connection(frozenset({31})))
    state = (await scene.view()).state
    assert (state.process, state.gateway) == (ProcessState.RUNNING, GatewayState.CONNECTED)
    assert (state.guild_count, state.starts_left) == (1, 998)
    assert state.connected_at == scene.clock.now()
    adapter.events.disconnected("The connection to Discord broke off.")
    state = (await scene.view()).state
    assert (state.process, state.gateway) == (ProcessState.RUNNING, GatewayState.RECONNECTING)
    adapter.events.resumed()
    assert (await scene.view()).state.gateway is GatewayState.CONNECTED
    kinds = [kind for kind in scene.kinds() if kind != "commands_synced"]
    assert kinds == ["connected", "reconnecting", "resumed"]


async def test_measurements_are_reported_while_connected_only(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    scene.client.refresh_state()
    assert (await scene.view()).state.latency_ms is None
    adapter.events.connected(Connection(frozenset()))
    scene.client.refresh_state()
    assert (await scene.view()).state.latency_ms == 12.5


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TokenInvalidError(reason="the gateway refused it"), Reason.TOKEN_INVALID),
        (IntentsMissingError(reason="x"), Reason.INTENTS_MISSING),
        (ConnectionRefusedByPlatformError(close_code=4011, reason="x"), Reason.REFUSED),
        (StartsUsedUpError(used=900, limit=900), Reason.STARTS_USED_UP),
    ],
)
async def test_bot_that_is_refused_for_good_is_held_after_one_life(
    scene: Scene, error: Exception, reason: Reason
) -> None:
    scene.adapters.made[0].ending.set_exception(error)
    await scene.over()
    view = await scene.view()
    assert view.state.is_held
    assert (view.state.process, view.state.reason) == (ProcessState.HELD, reason)
    assert view.state.sentence == str(error)
    assert view.state.remedy
    assert len(scene.adapters.made) == 1
    assert scene.kinds()[-1] == "held"


async def test_hold_is_written_as_soon_as_the_database_is_back(scene: Scene) -> None:
    scene.bridge.fault = away()
    scene.adapters.made[0].ending.set_exception(TokenInvalidError(reason="x"))
    await settle()
    assert not scene.client.is_over
    scene.bridge.fault = None
    await scene.over()
    assert (await scene.view()).state.is_held


async def test_crash_is_logged_and_the_bot_lives_again(scene: Scene) -> None:
    scene.adapters.made[0].ending.set_exception(ValueError("boom"))
    second = await scene.adapter_number(2)
    second.events.connected(Connection(frozenset()))
    assert (await scene.view()).state.gateway is GatewayState.CONNECTED
    [error] = scene.sink.of(ErrorLogRecord)
    assert (error.code, error.message) == ("bot_crashed", "ValueError: boom")
    assert "boom" in error.detail


async def test_commands_of_a_life_after_a_crash_wait_for_its_own_session(scene: Scene) -> None:
    first = scene.adapters.made[0]
    first.directory.faults["list"] = PlatformUnreachableError(reason="it answered 503")
    first.events.connected(Connection(frozenset()))
    for _ in range(20):
        await settle()
    assert first.directory.calls == [("list", None)]
    first.ending.set_exception(ValueError("boom"))
    second = await scene.adapter_number(2)
    for _ in range(20):
        await settle()
    assert second.directory.calls == []
    second.events.connected(Connection(frozenset()))
    for _ in range(20):
        await settle()
    assert second.directory.calls == [("list", None)]


async def test_bot_that_crashes_again_and_again_is_started_again_and_says_why_it_waits(scene: Scene) -> None:
    for number in range(1, 10):
        adapter = await scene.adapter_number(number)
        adapter.ending.set_exception(ValueError("boom"))
    last = await scene.adapter_number(10)
    assert not scene.client.is_over
    last.events.connected(Connection(frozenset()))
    view = await scene.view()
    assert not view.state.is_held
    assert view.state.gateway is GatewayState.CONNECTED
    assert scene.kinds().count("crashed") == 9


async def test_session_of_an_earlier_life_is_gone_on_with_after_a_crash(scene: Scene) -> None:
    first = scene.adapters.made[0]
    assert first.launch.session is None
    first.events.connected(Connection(frozenset({31})))
    first.session = LEFT
    first.ending.set_exception(ValueError("boom"))
    second = await scene.adapter_number(2)
    assert second.launch.session == LEFT


async def test_bot_that_goes_on_with_another_runners_session_is_online_and_says_so(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    adapter.events.resumed()
    state = (await scene.view()).state
    assert (state.process, state.gateway) == (ProcessState.RUNNING, GatewayState.CONNECTED)
    assert state.connected_at == scene.clock.now()
    assert [kind for kind in scene.kinds() if kind != "commands_synced"] == ["taken_over"]
    adapter.events.disconnected("The connection to Discord broke off.")
    adapter.events.resumed()
    assert [kind for kind in scene.kinds() if kind != "commands_synced"][1:] == ["reconnecting", "resumed"]


@pytest.mark.parametrize(("hand_over", "left"), [(True, LEFT), (False, None)])
async def test_session_is_left_to_the_next_runner_unless_the_bot_was_stopped(
    scene: Scene, *, hand_over: bool, left: ResumableSession | None
) -> None:
    [adapter] = scene.adapters.made
    adapter.session = LEFT
    await scene.parts.sessions.flush()
    await scene.client.stop("It moves.", hand_over=hand_over, drain_seconds=0)
    assert await scene.left() == left


async def test_session_that_is_left_waits_for_the_runs_and_what_they_handled(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    adapter.session = LEFT
    responder = FakeResponder()
    responder.gates["reply"] = asyncio.Event()
    run = adapter.events.invoked(make_invocation(command_name="gone"), responder)
    assert run is not None

    def finish(_: object) -> None:
        adapter.session = replace(LEFT, sequence=8)

    run.add_done_callback(finish)
    stopping = asyncio.create_task(scene.client.stop("It moves.", hand_over=True, drain_seconds=5))
    await settle()
    responder.gates["reply"].set()
    await stopping
    assert await scene.left() == replace(LEFT, sequence=8)


async def test_session_is_not_left_by_a_runner_that_may_own_the_bot_no_more(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    adapter.session = LEFT
    scene.clock.advance(60)
    await scene.client.stop("Its lease ran out.", hand_over=True, drain_seconds=0)
    assert await scene.left() is None


async def test_session_whose_servers_cannot_be_stored_is_let_go_nonetheless(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    [adapter] = scene.adapters.made
    adapter.session = LEFT
    await scene.parts.sessions.flush()
    assert scene.client._life is not None
    monkeypatch.setattr(scene.client._life.guilds, "flush", fail_to_store)
    await scene.client.stop("It moves.", hand_over=True, drain_seconds=0)
    adapter.session = replace(LEFT, sequence=9)
    await scene.parts.sessions.flush()
    assert await scene.left() == LEFT


async def fail_to_store() -> None:
    raise away()


async def test_servers_that_are_stored_are_known_before_anything_is_told(scene: Scene) -> None:
    garden = make_guild(external_id=31, name="Garden")
    await scene.bridge.write(guilds.sync_guild, scene.client.bot_id, "discord", garden)
    scene.adapters.made[0].ending.set_exception(ValueError("boom"))
    second = await scene.adapter_number(2)
    assert second.launch.guilds == {31: "Garden"}
    second.events.resumed()
    second.events.guild_changed(31)
    assert "guild_joined" not in scene.kinds()


async def test_server_that_no_event_described_is_looked_up(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    adapter.remote[31] = make_guild(external_id=31, name="Garden")
    adapter.events.resumed()
    adapter.events.guild_changed(31)
    await scene.client.stop("It moves.", hand_over=True, drain_seconds=0)
    assert [view.name for view in await scene.bridge.read(list_guilds_of_bot, scene.client.bot_id)] == [
        "Garden"
    ]


async def test_database_that_is_away_is_no_crash(scene: Scene) -> None:
    for number in range(1, 10):
        adapter = await scene.adapter_number(number)
        adapter.ending.set_exception(UnavailableError(service="The database"))
    assert not scene.client.is_over
    assert scene.sink.of(ErrorLogRecord) == []


async def test_lost_lease_ends_the_client_without_a_word_in_the_database(scene: Scene) -> None:
    before = (await scene.view()).state
    scene.adapters.made[0].ending.set_exception(LeaseLostError())
    await scene.over()
    assert (await scene.view()).state.process is before.process
    assert "held" not in scene.kinds()


async def test_stopped_bot_leaves_and_says_so(scene: Scene) -> None:
    scene.adapters.made[0].events.connected(Connection(frozenset()))
    await scene.client.stop("It was stopped here.", hand_over=False, drain_seconds=0)
    state = (await scene.view()).state
    assert (state.process, state.gateway) == (ProcessState.STOPPED, GatewayState.DISCONNECTED)
    assert state.runner_id is None
    assert scene.adapters.made[0].stops[0] is False
    assert scene.kinds()[-1] == "stopped"
    assert scene.client.is_over


async def test_command_is_answered_from_memory_and_logged(scene: Scene) -> None:
    scene.adapters.made[0].events.connected(Connection(frozenset()))
    await settle()
    scene.bridge.fault = away()
    responder = FakeResponder()
    scene.adapters.made[0].events.invoked(make_invocation(command_name="gone"), responder)
    await settle()
    assert [name for name, _ in responder.calls] == ["reply"]
    [record] = scene.sink.of(CommandLogRecord)
    assert record.command_name == "gone"


async def test_command_that_a_session_brings_before_anything_was_read_is_answered(scene: Scene) -> None:
    responder = FakeResponder()
    assert scene.client._life is not None
    assert not scene.client._life.commands._is_loaded
    scene.adapters.made[0].events.invoked(make_invocation(command_name="gone"), responder)
    await settle()
    assert [name for name, _ in responder.calls] == ["reply"]
    assert scene.client._life.commands._is_loaded


async def test_server_that_is_joined_later_is_logged_and_those_of_the_start_are_not(scene: Scene) -> None:
    [adapter] = scene.adapters.made
    adapter.guilds = {key: make_guild(external_id=key, permissions=1 << 3) for key in (1, 2)}
    adapter.events.connected(Connection(frozenset({1})))
    adapter.events.guild_changed(1)
    adapter.events.guild_changed(2)
    adapter.events.guild_changed(2)
    await scene.store_guilds()
    adapter.events.guild_left(1)
    await scene.store_guilds()
    kinds = [kind for kind in scene.kinds() if kind.startswith("guild")]
    assert kinds == ["guild_joined", "guild_left"]


async def test_event_that_was_skipped_reaches_both_logs(scene: Scene) -> None:
    scene.adapters.made[0].events.event_skipped("GUILD_CREATE", "KeyError: 'id'")
    assert scene.kinds() == ["event_skipped"]
    [error] = scene.sink.of(ErrorLogRecord)
    assert (error.place, error.message) == ("GUILD_CREATE", "KeyError: 'id'")


async def test_refreshing_and_planning_need_a_connected_bot(scene: Scene) -> None:
    with pytest.raises(UnavailableError):
        scene.client.refresh_guilds()
    with pytest.raises(UnavailableError):
        await scene.client.plan_commands()
    [adapter] = scene.adapters.made
    adapter.guilds[31] = make_guild(external_id=31)
    adapter.events.connected(Connection(frozenset({31})))
    await settle()
    assert scene.client.refresh_guilds() == 1
    assert (await scene.client.plan_commands()).is_empty


async def test_what_the_platform_says_about_a_manager_is_stored(scene: Scene) -> None:
    with pytest.raises(UnavailableError):
        await scene.client.check_manager(31, 11, START)
    [adapter] = scene.adapters.made
    adapter.managers.add((31, 11))
    adapter.events.connected(Connection(frozenset({31})))
    garden = make_guild(external_id=31)
    guild_id = await scene.bridge.write(guilds.sync_guild, scene.client.bot_id, "discord", garden)
    asked_at = datetime.now(UTC)
    assert await scene.client.check_manager(31, 11, asked_at)
    assert not await scene.client.check_manager(31, 12, asked_at)
    checks = [await scene.bridge.read(find_manager_check, guild_id, person) for person in (11, 12, 13)]
    assert checks == [
        ManagerCheck(is_manager=True, is_fresh=True),
        ManagerCheck(is_manager=False, is_fresh=True),
        None,
    ]


async def test_token_for_another_key_holds_the_bot_before_anything_is_sent(
    scene: Scene, engine: Engine, store_bots: Callable[[int], list[UUID]]
) -> None:
    [other] = store_bots(1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE bots SET sealed_token = 'foreign' WHERE id = :id"), {"id": other.hex})
    [lease] = await scene.parts.placements.claim({scene.client.unit: 1, Shard(other, 0): 1})
    assert isinstance(lease, Lease)
    client = BotClient(lease, WantedBot(other, 1), scene.parts)
    client.start()
    for _ in range(50):
        await settle()
    assert client.is_over
    view = await scene.bridge.read(bots.get_bot, other)
    assert view.state.reason is Reason.TOKEN_UNREADABLE
    assert len(scene.adapters.made) == 1

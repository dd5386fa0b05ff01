import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, update

from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.db.session import write_sessions
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import StateView
from socialcube.domain.commands import policy, queries
from socialcube.domain.commands.errors import PlanChangedError
from socialcube.domain.commands.types import CommandLook
from socialcube.domain.guilds.models import BotSettingForm
from socialcube.domain.guilds.policy import write_fields
from socialcube.domain.logs.types import BotLogRecord, CommandLogRecord
from socialcube.domain.placements.types import Shard
from socialcube.fleet.bot_commands import COMPARE_SECONDS, RELOAD_SECONDS, BotCommands
from socialcube.fleet.status import BotStatus
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.settings import FleetSettings
from tests.factories.commands import make_invocation, store_command
from tests.factories.guilds import make_field
from tests.fakes.adapter import FakeDirectory
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import START, FakeClock
from tests.fakes.engine import FakeResponder, settle
from tests.fakes.fleet import make_parts
from tests.fakes.logs import FakeSink


class Scene:
    """The commands of one bot, synchronised when the test wakes them."""

    def __init__(self, engine: Engine, bridge: DirectBridge, clock: FakeClock, sink: FakeSink) -> None:
        self.engine, self.bridge, self.clock, self.sink = engine, bridge, clock, sink
        self.directory = FakeDirectory()
        self.came_up = asyncio.Event()
        self.bot_id: UUID
        self.commands: BotCommands
        self.task: asyncio.Task[None]

    def publish(self, name: str) -> None:
        with write_sessions(self.engine)() as session:
            store_command(session, self.bot_id, name, published_version=1)
            session.commit()

    async def look(self) -> None:
        self.commands.wake()
        for _ in range(20):
            await settle()

    async def state(self) -> StateView:
        view = await self.bridge.read(bots.get_bot, self.bot_id)
        return view.state

    async def looked(self) -> CommandLook:
        look = await self.bridge.read(queries.find_look, self.bot_id)
        assert look is not None
        return look

    def drift(self) -> list[str]:
        return [record.message for record in self.sink.of(BotLogRecord) if record.kind == "commands_drift"]

    def names(self) -> list[str]:
        return sorted(command.name for command in self.directory.there.values())

    def kinds(self) -> list[str]:
        return [record.kind for record in self.sink.of(BotLogRecord)]


@pytest.fixture
async def scene(
    engine: Engine,
    bridge: DirectBridge,
    runner_id: UUID,
    settings: FleetSettings,
    clock: FakeClock,
    sink: FakeSink,
    store_bots: Callable[[int], list[UUID]],
) -> Scene:
    scene = Scene(engine, bridge, clock, sink)
    [scene.bot_id] = store_bots(1)
    parts, _ = make_parts(bridge, runner_id, settings, clock, sink)
    [lease] = await parts.placements.claim({Shard(scene.bot_id, 0): 1})
    launch = (await bridge.read(bots.list_launches, [scene.bot_id]))[scene.bot_id]
    status = BotStatus(lease, runner_id, clock=clock, sink=sink, report=parts.reporter.put)
    scene.commands = BotCommands(lease, launch, parts, status, jitter=lambda: 0.5)
    return scene


def _count_reads(scene: Scene) -> list[str]:
    """Note the statements from now on that read documents."""
    seen: list[str] = []

    def note(*given: object) -> None:
        if "command_versions.document" in str(given[2]):
            seen.append(str(given[2]))

    event.listen(scene.engine, "before_cursor_execute", note)
    return seen


async def test_documents_are_read_again_only_when_something_was_published(scene: Scene) -> None:
    scene.publish("hello")
    await scene.commands.load()
    reads = _count_reads(scene)
    await scene.commands.load()
    assert reads == []
    scene.publish("bye")
    await scene.commands.load()
    assert len(reads) == 1


async def start(scene: Scene) -> None:
    await scene.commands.load()
    scene.task = asyncio.create_task(scene.commands.run(scene.directory, scene.came_up))
    scene.came_up.set()
    for _ in range(20):
        await settle()


async def test_bot_that_nobody_wakes_asks_the_database_hardly_ever(
    scene: Scene, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.fleet.bot_commands._LOOK_SECONDS", 0)
    scene.publish("hello")
    await start(scene)
    before = scene.bridge.calls
    for _ in range(20):
        await settle()
    assert scene.bridge.calls == before
    clock.advance(RELOAD_SECONDS)
    for _ in range(20):
        await settle()
    assert scene.bridge.calls == before + 1
    scene.task.cancel()


async def test_nothing_is_synchronised_before_the_bot_is_online(scene: Scene) -> None:
    scene.publish("hello")
    await scene.commands.load()
    task = asyncio.create_task(scene.commands.run(scene.directory, scene.came_up))
    await settle()
    assert scene.directory.calls == []
    task.cancel()


async def test_published_commands_are_registered_and_the_state_says_so(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    assert scene.names() == ["hello"]
    state = await scene.state()
    assert state.commands_synced_at == scene.clock.now()
    assert state.commands_digest
    assert state.commands_problem == ""
    assert scene.kinds() == ["commands_synced"]
    scene.task.cancel()


async def test_look_that_finds_nothing_new_asks_the_platform_nothing(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    scene.directory.calls.clear()
    await scene.look()
    assert scene.directory.calls == []
    scene.publish("bye")
    await scene.look()
    assert scene.names() == ["bye", "hello"]
    scene.task.cancel()


async def test_command_is_answered_from_the_snapshot_of_its_moment(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    scene.bridge.fault = away()
    responder = FakeResponder()
    await scene.commands.run_command(make_invocation(command_name="hello"), responder)
    [(method, _)] = responder.calls
    assert method == "reply"
    [record] = scene.sink.of(CommandLogRecord)
    assert record.outcome == "succeeded"
    scene.task.cancel()


async def test_problem_is_told_and_not_tried_again_before_an_hour(scene: Scene) -> None:
    scene.publish("hello")
    scene.directory.faults["create"] = CallRefusedError(status=400, api_code=50035, reason="Bad name")
    await start(scene)
    state = await scene.state()
    assert "Bad name" in state.commands_problem
    assert state.commands_digest is None
    scene.directory.calls.clear()
    await scene.look()
    assert scene.directory.calls == []
    scene.clock.advance(3600)
    scene.directory.faults.clear()
    await scene.look()
    assert scene.names() == ["hello"]
    assert (await scene.state()).commands_problem == ""
    scene.task.cancel()


async def test_platform_that_is_away_is_asked_again(scene: Scene) -> None:
    scene.publish("hello")
    scene.directory.faults["list"] = PlatformUnreachableError(reason="it answered 503")
    await start(scene)
    assert scene.kinds() == ["commands_waiting"]
    scene.directory.faults.clear()
    await scene.look()
    assert scene.names() == ["hello"]
    scene.task.cancel()


async def test_database_that_is_away_leaves_the_bot_with_what_it_has(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    scene.bridge.fault = away()
    await scene.look()
    responder = FakeResponder()
    await scene.commands.run_command(make_invocation(command_name="hello"), responder)
    assert scene.sink.of(CommandLogRecord)[0].outcome == "succeeded"
    assert not scene.task.done()
    scene.task.cancel()


async def test_who_comes_before_the_commands_are_read_is_answered(scene: Scene, clock: FakeClock) -> None:
    scene.publish("hello")
    responder = FakeResponder()
    used = make_invocation(command_name="hello", received=clock.monotonic())
    await scene.commands.run_command(used, responder)
    assert scene.sink.of(CommandLogRecord)[0].outcome == "succeeded"


async def test_who_comes_while_they_cannot_be_read_is_asked_to_try_again(
    scene: Scene, clock: FakeClock
) -> None:
    scene.publish("hello")
    scene.bridge.fault = away()
    responder = FakeResponder()
    used = make_invocation(command_name="hello", received=clock.monotonic())
    await scene.commands.run_command(used, responder)
    [row] = scene.sink.of(CommandLogRecord)
    assert (row.outcome, row.error_code) == ("refused", "not_ready")
    assert "Try again in a few seconds" in str(responder.calls)


async def test_plan_needs_a_bot_that_was_online(scene: Scene) -> None:
    with pytest.raises(UnavailableError):
        await scene.commands.plan()
    await start(scene)
    scene.publish("hello")
    plan = await scene.commands.plan()
    assert [desired.name for desired in plan.create] == ["hello"]
    scene.task.cancel()


async def test_a_bot_whose_commands_still_wait_is_planned_for(scene: Scene) -> None:
    scene.publish("hello")
    scene.came_up.set()
    scene.task = asyncio.create_task(scene.commands.run(scene.directory, scene.came_up, patience=600))
    await settle()
    plan = await scene.commands.plan()
    assert [desired.name for desired in plan.create] == ["hello"]
    scene.task.cancel()


async def test_database_that_is_away_at_first_is_asked_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.fleet.bot_commands._RETRY_SECONDS", 0.001)
    scene.publish("hello")
    scene.came_up.set()
    scene.bridge.fault = away()
    scene.task = asyncio.create_task(scene.commands.run(scene.directory, scene.came_up))
    async with asyncio.timeout(30):
        while not scene.kinds():
            await settle()
        scene.bridge.fault = None
        while "commands_synced" not in scene.kinds():
            await settle()
    assert set(scene.kinds()) == {"commands_waiting", "commands_synced"}
    assert scene.names() == ["hello"]
    scene.task.cancel()


async def test_a_new_name_and_new_settings_count_from_the_next_look_on(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    with write_sessions(scene.engine)() as session:
        session.execute(update(Bot).where(Bot.id == scene.bot_id).values(name="Glasshouse"))
        session.add(
            BotSettingForm(
                bot_id=scene.bot_id,
                fields=write_fields([make_field(default="Hi")]),
                version=1,
                updated_at=START,
            )
        )
        session.commit()
    await scene.look()
    surroundings = scene.commands._surroundings
    assert surroundings.bot["name"] == "Glasshouse"
    assert surroundings.settings.find(31).settings["welcome"] == "Hi"
    scene.task.cancel()


async def test_a_deleted_bot_takes_our_commands_away_and_leaves_those_of_others(scene: Scene) -> None:
    scene.publish("hello")
    scene.directory.put("theirs")
    with pytest.raises(UnavailableError):
        await scene.commands.withdraw()
    await start(scene)
    assert scene.names() == ["hello", "theirs"]
    await scene.commands.withdraw()
    assert scene.names() == ["theirs"]
    scene.task.cancel()


async def test_what_somebody_changed_at_the_platform_is_found_and_told_once_and_left_alone(
    scene: Scene,
) -> None:
    for name in ("hello", "bye"):
        scene.publish(name)
    await start(scene)
    assert (await scene.looked()).differs == 0
    [hello] = [external_id for external_id, item in scene.directory.there.items() if item.name == "hello"]
    scene.directory.there.pop(hello)
    theirs = scene.directory.put("theirs")
    scene.directory.calls.clear()
    await scene.look()
    assert scene.directory.calls == []
    for _ in range(2):
        scene.clock.advance(COMPARE_SECONDS)
        await scene.look()
    assert {method for method, _ in scene.directory.calls} == {"list"}
    look = await scene.looked()
    assert look.differs == 1
    assert [item["name"] for item in look.plan["create"]] == ["hello"]
    [sentence] = scene.drift()
    assert "missing: /hello" in sentence
    assert theirs in scene.directory.there
    scene.task.cancel()


async def test_commands_that_are_as_published_are_compared_about_hourly(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    for wait, calls in ((COMPARE_SECONDS * 0.4, 0), (COMPARE_SECONDS * 0.2, 1), (COMPARE_SECONDS * 0.9, 0)):
        scene.directory.calls.clear()
        scene.clock.advance(wait)
        await scene.look()
        assert len(scene.directory.calls) == calls
    assert scene.drift() == []
    scene.task.cancel()


async def test_an_agreed_plan_is_applied_and_the_drift_is_gone(scene: Scene) -> None:
    scene.publish("hello")
    await start(scene)
    scene.directory.there.clear()
    agreed = policy.digest_of_plan(await scene.commands.plan())
    assert (await scene.looked()).differs == 1
    heard: list[int] = []

    async def progress(percent: int) -> None:
        heard.append(percent)

    outcome = await scene.commands.apply(agreed, progress)
    assert (outcome.created, heard, scene.names()) == (["hello"], [100], ["hello"])
    assert (await scene.looked()).differs == 0
    with pytest.raises(PlanChangedError):
        await scene.commands.apply(agreed, progress)
    scene.task.cancel()


async def test_many_changed_commands_are_not_all_named(scene: Scene) -> None:
    for number in range(12):
        scene.publish(f"hello{number:02}")
    await start(scene)
    scene.directory.there.clear()
    scene.clock.advance(COMPARE_SECONDS)
    await scene.look()
    [sentence] = scene.drift()
    assert "/hello09 and 2 more" in sentence
    scene.task.cancel()

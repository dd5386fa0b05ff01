from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.domain.commands import queries
from socialcube.domain.commands.errors import PlanChangedError
from socialcube.domain.commands.policy import digest_of_plan, planning
from socialcube.domain.commands.registry import Snapshot, build
from socialcube.domain.commands.types import Registration
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.types import Lease
from socialcube.fleet.command_sync import CommandSync
from tests.factories.commands import make_published, make_raw_command
from tests.factories.placements import all_shards
from tests.fakes.adapter import FakeDirectory
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock


class Scene:
    def __init__(self, lease: Lease, runner_id: UUID, bridge: DirectBridge) -> None:
        self.lease = lease
        self.bridge = bridge
        self.directory = FakeDirectory()
        self.clock = FakeClock()
        self.sync = CommandSync(lease, runner_id, bridge, self.directory, self.clock)

    async def registered(self) -> list[Registration]:
        return await self.bridge.read(queries.list_registrations, self.lease.bot_id)

    def shown(self) -> dict[str, object]:
        return {command.name: command.body["description"] for command in self.directory.there.values()}

    def changes(self) -> list[str]:
        return [method for method, _ in self.directory.calls if method != "list"]


@pytest.fixture
async def scene(bridge: DirectBridge, runner_id: UUID, store_bots: Callable[[int], list[UUID]]) -> Scene:
    [lease] = await bridge.write(service.claim_shards, runner_id, all_shards(store_bots(1)), at_most=1)
    return Scene(lease, runner_id, bridge)


def snapshot(*names: str, guild_id: int | None = None, description: str = "Say hello") -> Snapshot:
    return build(
        make_published(guild_id=guild_id, document=make_raw_command(name=name, description=description))
        for name in names
    )


async def test_published_commands_are_made_and_recorded(scene: Scene) -> None:
    outcome = await scene.sync.apply(snapshot("hello", "bye"))
    assert sorted(outcome.created) == ["bye", "hello"]
    assert outcome.problems == []
    assert sorted(scene.shown()) == ["bye", "hello"]
    recorded = {entry.external_id for entry in await scene.registered()}
    assert recorded == set(scene.directory.there)


async def test_second_synchronisation_changes_nothing(scene: Scene) -> None:
    await scene.sync.apply(snapshot("hello"))
    scene.directory.calls.clear()
    outcome = await scene.sync.apply(snapshot("hello"))
    assert not outcome.did_something
    assert scene.changes() == []


async def test_changed_command_is_updated_in_place(scene: Scene) -> None:
    await scene.sync.apply(snapshot("hello"))
    outcome = await scene.sync.apply(snapshot("hello", description="Greets you"))
    assert outcome.updated == ["hello"]
    assert scene.shown() == {"hello": "Greets you"}
    [entry] = await scene.registered()
    assert entry.digest == snapshot("hello", description="Greets you").desired[0].digest


async def test_command_that_is_published_no_more_is_deleted_and_forgotten(scene: Scene) -> None:
    await scene.sync.apply(snapshot("hello", "bye"))
    outcome = await scene.sync.apply(snapshot("hello"))
    assert outcome.deleted == ["bye"]
    assert [entry.name for entry in await scene.registered()] == ["hello"]


async def test_foreign_command_that_comes_after_the_plan_is_not_overwritten(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.sync.apply(snapshot("old"))
    delete = scene.directory.delete_command

    async def delete_while_another_program_creates(guild_id: int | None, external_id: int) -> None:
        await delete(guild_id, external_id)
        scene.directory.put("hello")

    monkeypatch.setattr(scene.directory, "delete_command", delete_while_another_program_creates)
    outcome = await scene.sync.apply(snapshot("hello", "bye"))
    assert (outcome.deleted, outcome.created) == (["old"], ["bye"])
    assert scene.shown() == {"hello": "Theirs", "bye": "Say hello"}
    [problem] = outcome.problems
    assert problem.startswith("/hello: A command of this name was made elsewhere")
    assert [entry.name for entry in await scene.registered()] == ["bye"]


async def test_foreign_commands_are_never_touched(scene: Scene) -> None:
    foreign = scene.directory.put("theirs")
    clash = scene.directory.put("hello")
    outcome = await scene.sync.apply(snapshot("hello", "bye"))
    assert outcome.created == ["bye"]
    assert scene.directory.there[foreign].body["description"] == "Theirs"
    assert scene.directory.there[clash].body["description"] == "Theirs"
    assert [problem.partition(":")[0] for problem in outcome.problems] == ["/hello"]
    await scene.sync.apply(snapshot())
    assert set(scene.directory.there) == {foreign, clash}


async def test_command_whose_creation_was_not_recorded_is_found_again(scene: Scene) -> None:
    scene.directory.lost_answers = True
    with pytest.raises(ConnectionError):
        await scene.sync.apply(snapshot("hello"))
    assert [entry.external_id for entry in await scene.registered()] == [None]
    scene.directory.lost_answers = False
    outcome = await scene.sync.apply(snapshot("hello"))
    assert outcome.created == []
    assert len(scene.directory.there) == 1
    assert [entry.external_id for entry in await scene.registered()] == list(scene.directory.there)


async def test_crash_in_the_middle_is_picked_up_where_it_was(scene: Scene) -> None:
    scene.directory.faults["create hello"] = ConnectionError("cut")
    with pytest.raises(ConnectionError):
        await scene.sync.apply(snapshot("bye", "hello"))
    scene.directory.faults.clear()
    outcome = await scene.sync.apply(snapshot("bye", "hello"))
    assert outcome.created == ["hello"]
    assert sorted(scene.shown()) == ["bye", "hello"]
    assert all(entry.external_id is not None for entry in await scene.registered())


async def test_refused_command_is_told_and_the_others_go_on(scene: Scene) -> None:
    refusal = CallRefusedError(status=400, api_code=50035, reason="Invalid Form Body")
    scene.directory.faults["create bye"] = refusal
    outcome = await scene.sync.apply(snapshot("bye", "hello"))
    assert outcome.created == ["hello"]
    assert outcome.problems == ["/bye: The platform refused a call: Invalid Form Body."]
    assert [entry.name for entry in await scene.registered()] == ["hello"]


@pytest.mark.parametrize("api_code", [30032, 30034])
async def test_no_more_creates_are_tried_once_the_day_or_the_list_is_full(
    scene: Scene, api_code: int
) -> None:
    scene.directory.faults["create"] = CallRefusedError(status=400, api_code=api_code, reason="Full")
    await scene.sync.apply(snapshot("a", "b", "c"))
    assert scene.changes() == ["create"]


async def test_refused_change_and_deletion_are_told(scene: Scene) -> None:
    await scene.sync.apply(snapshot("hello", "bye"))
    scene.directory.faults["update"] = CallRefusedError(status=400, api_code=50035, reason="No")
    scene.directory.faults["delete"] = CallRefusedError(status=403, api_code=50001, reason="No")
    outcome = await scene.sync.apply(snapshot("hello", description="Other"))
    assert [problem.partition(":")[0] for problem in outcome.problems] == ["/bye", "/hello"]
    assert len(await scene.registered()) == 2


async def test_server_that_the_bot_left_keeps_its_registrations_and_stops_nothing_else(scene: Scene) -> None:
    await scene.sync.apply(snapshot("here", guild_id=31))
    scene.directory.faults["list 31"] = CallRefusedError(status=403, api_code=50001, reason="Missing Access")
    both = build(
        [
            make_published(name="here", guild_id=31),
            make_published(name="everywhere"),
        ]
    )
    outcome = await scene.sync.apply(both)
    assert outcome.created == ["everywhere"]
    assert [problem.partition(":")[0] for problem in outcome.problems] == ["/here"]
    assert {entry.name for entry in await scene.registered()} == {"here", "everywhere"}


async def test_broken_command_stays_as_it_is_at_the_platform_and_is_told(scene: Scene) -> None:
    await scene.sync.apply(snapshot("hello"))
    broken = build([make_published(document=make_raw_command(steps=[{"id": "x", "type": "never-heard-of"}]))])
    outcome = await scene.sync.apply(broken)
    assert scene.shown() == {"hello": "Say hello"}
    assert "/hello cannot run" in outcome.problems[0]
    assert len(await scene.registered()) == 1


async def test_command_left_by_a_crash_stays_ours_while_it_is_broken(scene: Scene) -> None:
    scene.directory.lost_answers = True
    with pytest.raises(ConnectionError):
        await scene.sync.apply(snapshot("hello"))
    scene.directory.lost_answers = False
    await scene.sync.apply(
        build([make_published(document=make_raw_command(steps=[{"id": "x", "type": "never-heard-of"}]))])
    )
    assert [entry.external_id for entry in await scene.registered()] == list(scene.directory.there)
    outcome = await scene.sync.apply(snapshot("hello", description="Greets you"))
    assert outcome.problems == []
    assert scene.shown() == {"hello": "Greets you"}


async def test_plan_tells_and_changes_nothing(scene: Scene) -> None:
    plan = await scene.sync.plan(snapshot("hello"))
    assert [desired.name for desired in plan.create] == ["hello"]
    assert scene.changes() == []


async def test_runner_that_lost_the_bot_records_nothing_and_asks_for_nothing(scene: Scene) -> None:
    other = await scene.bridge.write(service.register_runner, host="there", pid=2, lock_path="")
    await scene.bridge.write(service.retire_runner, scene.sync._runner_id)
    await scene.bridge.write(service.claim_shards, other, all_shards([scene.lease.bot_id]), at_most=1)
    with pytest.raises(LeaseLostError):
        await scene.sync.apply(snapshot("hello"))
    assert scene.changes() == []
    assert await scene.registered() == []


async def test_a_plan_that_somebody_agreed_to_is_applied_with_progress(scene: Scene) -> None:
    heard: list[int] = []

    async def progress(percent: int) -> None:
        heard.append(percent)

    agreed = digest_of_plan(await scene.sync.plan(snapshot("hello", "bye")))
    outcome = await scene.sync.apply(snapshot("hello", "bye"), seen=agreed, progress=progress)
    assert heard == [50, 100]
    assert outcome.to_json() == {
        "created": ["hello", "bye"],
        "updated": [],
        "deleted": [],
        "problems": [],
    }
    assert outcome.left.is_empty


async def test_a_plan_that_is_another_one_by_now_is_not_applied(scene: Scene) -> None:
    agreed = digest_of_plan(await scene.sync.plan(snapshot("hello")))
    scene.directory.put("hello")
    with pytest.raises(PlanChangedError):
        await scene.sync.apply(snapshot("hello"), seen=agreed)
    assert scene.changes() == []


async def test_what_could_not_be_done_is_left_in_the_plan(scene: Scene) -> None:
    await scene.sync.apply(snapshot("old", "kept"))
    theirs = scene.directory.put("foreign")
    scene.directory.faults["delete"] = CallRefusedError(status=403, api_code=50001, reason="Missing Access")
    scene.directory.faults["create new"] = CallRefusedError(status=400, api_code=50035, reason="Invalid")
    outcome = await scene.sync.apply(snapshot("new", "kept", description="Other words"))
    assert outcome.updated == ["kept"]
    assert [item.name for item in outcome.left.create] == ["new"]
    assert [item.name for item in outcome.left.delete] == ["old"]
    assert (outcome.left.update, [item.external_id for item in outcome.left.foreign]) == ((), [theirs])


async def test_what_was_done_stands_in_the_plan_as_a_new_look_finds_it(scene: Scene) -> None:
    await scene.sync.apply(snapshot("old", "kept", "same"))
    published = snapshot("new", "kept", "same", description="Other words")
    outcome = await scene.sync.apply(published)
    left, found = outcome.left, await scene.sync.plan(published)
    assert replace(left, unchanged=()) == replace(found, unchanged=())
    by_name = {item.desired.name: item for item in left.unchanged}
    assert by_name == {item.desired.name: item for item in found.unchanged}
    assert by_name.keys() == {"kept", "new", "same"}
    assert outcome.left.creates_left == {None: 196}


async def test_creates_of_a_day_are_counted_even_when_the_answer_is_lost(scene: Scene) -> None:
    scene.directory.lost_answers = True
    with pytest.raises(ConnectionError):
        await scene.sync.apply(snapshot("hello"))
    made = await scene.bridge.read(queries.count_created, scene.lease.bot_id, scene.clock.now())
    assert made == {None: 1}


async def test_no_more_is_created_than_the_day_has_room_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CREATES_A_DAY", 1)
    outcome = await scene.sync.apply(snapshot("hello", "bye"))
    assert outcome.created == ["hello"]
    [problem] = outcome.problems
    assert problem.startswith("/bye: ")
    scene.clock.advance(25 * 3600)
    assert (await scene.sync.apply(snapshot("hello", "bye"))).created == ["bye"]


async def test_what_was_agreed_to_and_done_is_told_when_the_platform_goes_away(scene: Scene) -> None:
    agreed = digest_of_plan(await scene.sync.plan(snapshot("hello", "bye")))
    scene.directory.faults["create hello"] = PlatformUnreachableError(reason="it is away")
    outcome = await scene.sync.apply(snapshot("bye", "hello"), seen=agreed)
    assert outcome.created == ["bye"]
    assert ["it is away" in problem and "still to do" in problem for problem in outcome.problems] == [True]
    assert [step.name for step in outcome.left.create] == ["hello"]


async def test_a_platform_that_goes_away_ends_a_synchronisation_that_nobody_waits_for(scene: Scene) -> None:
    scene.directory.faults["create hello"] = PlatformUnreachableError(reason="it is away")
    with pytest.raises(PlatformUnreachableError):
        await scene.sync.apply(snapshot("bye", "hello"))

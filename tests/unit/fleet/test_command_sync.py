from collections.abc import Callable
from uuid import UUID

import pytest

from socialcube.adapters.errors import CallRefusedError
from socialcube.domain.commands import queries
from socialcube.domain.commands.registry import Snapshot, build
from socialcube.domain.commands.types import Registration
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.types import ClaimTerms, Lease
from socialcube.fleet.command_sync import CommandSync
from tests.factories.commands import make_published, make_raw_command
from tests.fakes.adapter import FakeDirectory
from tests.fakes.bridge import DirectBridge


class Scene:
    def __init__(self, lease: Lease, runner_id: UUID, bridge: DirectBridge) -> None:
        self.lease = lease
        self.bridge = bridge
        self.directory = FakeDirectory()
        self.sync = CommandSync(lease, runner_id, bridge, self.directory)

    async def registered(self) -> list[Registration]:
        return await self.bridge.read(queries.list_registrations, self.lease.bot_id)

    def shown(self) -> dict[str, object]:
        return {command.name: command.body["description"] for command in self.directory.there.values()}

    def changes(self) -> list[str]:
        return [method for method, _ in self.directory.calls if method != "list"]


@pytest.fixture
async def scene(bridge: DirectBridge, runner_id: UUID, store_bots: Callable[[int], list[UUID]]) -> Scene:
    [lease] = await bridge.write(service.claim_bots, runner_id, store_bots(1), ClaimTerms(1, 20))
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
    await scene.bridge.write(service.claim_bots, other, [scene.lease.bot_id], ClaimTerms(1, 20))
    with pytest.raises(LeaseLostError):
        await scene.sync.apply(snapshot("hello"))
    assert scene.changes() == []
    assert await scene.registered() == []

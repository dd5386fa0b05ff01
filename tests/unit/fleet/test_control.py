import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine

from socialcube.db.session import write_sessions
from socialcube.domain.commands.types import CommandPlan
from socialcube.domain.jobs import queries
from socialcube.domain.jobs.types import JobState, JobView, fleet_target
from socialcube.domain.placements.types import Shard
from socialcube.fleet.control import Control
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.kernel.errors import UnavailableError
from tests.factories.jobs import make_job
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.engine import settle


class FakeClient:
    """A bot of this runner, as the control sees it."""

    def __init__(self) -> None:
        self.changed = 0
        self.fault: Exception | None = None
        self.pause = asyncio.Event()
        self.pause.set()

    def commands_changed(self) -> None:
        self.changed += 1

    async def plan_commands(self) -> CommandPlan:
        await self.pause.wait()
        if self.fault is not None:
            raise self.fault
        return CommandPlan()

    def refresh_guilds(self) -> int:
        return 3


class Scene:
    def __init__(self, bridge: DirectBridge, engine: Engine, bot_id: UUID) -> None:
        self.bridge, self.engine, self.bot_id = bridge, engine, bot_id
        self.client, self.sibling = FakeClient(), FakeClient()
        self.woken = 0
        self.hints: asyncio.Queue[ControlMessage] = asyncio.Queue()
        self.control = Control(
            self.listen,
            bridge,
            {
                Shard(bot_id, 1): self.sibling,  # type: ignore[dict-item] # it asks for no more than the fake has
                Shard(bot_id, 0): self.client,  # type: ignore[dict-item] # as above
            },
            self.wake,
            "fleet:tests",
        )

    async def listen(self) -> AsyncIterator[ControlMessage]:
        while True:
            yield await self.hints.get()

    def wake(self) -> None:
        self.woken += 1

    def ask(self, kind: str, *, target: str | None = None) -> UUID:
        with write_sessions(self.engine)() as session:
            job = make_job(session, kind=kind, target=target or fleet_target(self.bot_id), bot_id=self.bot_id)
            session.commit()
            return job.id

    async def job(self, job_id: UUID) -> JobView:
        return await self.bridge.read(queries.get_job, job_id)


@pytest.fixture
def scene(bridge: DirectBridge, engine: Engine, store_bots: Callable[[int], list[UUID]]) -> Scene:
    return Scene(bridge, engine, store_bots(1)[0])


async def test_hints_wake_whom_they_concern(scene: Scene) -> None:
    scene.control.take(ControlMessage(Topic.BOTS_CHANGED, "any"))
    assert scene.woken == 1
    scene.control.take(ControlMessage(Topic.COMMANDS_CHANGED, str(scene.bot_id)))
    assert scene.client.changed == 1
    scene.control.take(ControlMessage(Topic.GUILDS_CHANGED, str(scene.bot_id)))
    assert scene.client.changed == 2
    # Its name may be another one now, which its commands say.
    scene.control.take(ControlMessage(Topic.BOTS_CHANGED, str(scene.bot_id)))
    assert (scene.woken, scene.client.changed) == (2, 3)


@pytest.mark.parametrize("subject", ["", "no id", "01890000-0000-7000-8000-000000000000"])
async def test_hint_about_nobody_of_ours_is_nothing_to_us(scene: Scene, subject: str) -> None:
    scene.control.take(ControlMessage(Topic.COMMANDS_CHANGED, subject))
    scene.control.take(ControlMessage(Topic.JOBS_ASKED, subject))
    assert scene.client.changed == 0
    assert not scene.control._jobs_asked.is_set()


async def test_hints_are_taken_as_they_come(scene: Scene) -> None:
    task = asyncio.create_task(scene.control.listen_for_ever())
    scene.hints.put_nowait(ControlMessage(Topic.BOTS_CHANGED, "1"))
    scene.hints.put_nowait(ControlMessage(Topic.JOBS_ASKED, fleet_target(scene.bot_id), "job"))
    await settle()
    assert scene.woken == 1
    assert scene.control._jobs_asked.is_set()
    task.cancel()


async def test_plan_is_answered_in_its_row(scene: Scene) -> None:
    job_id = scene.ask("commands.plan")
    await scene.control.work()
    job = await scene.job(job_id)
    assert job.state is JobState.DONE
    assert job.result is not None
    assert job.result.items() >= CommandPlan().to_json().items()


async def test_refresh_stores_servers_and_looks_at_commands(scene: Scene) -> None:
    job_id = scene.ask("bot.refresh")
    await scene.control.work()
    job = await scene.job(job_id)
    assert job.result == {"guilds": 3}
    assert scene.client.changed == 1


async def test_refusal_is_answered_with_a_sentence(scene: Scene) -> None:
    scene.client.fault = UnavailableError(service="The bot")
    job_id = scene.ask("commands.plan")
    await scene.control.work()
    job = await scene.job(job_id)
    assert (job.state, job.problem) == (JobState.FAILED, "The bot cannot be reached right now.")


async def test_unknown_work_is_refused(scene: Scene) -> None:
    job_id = scene.ask("make.coffee")
    await scene.control.work()
    assert (await scene.job(job_id)).state is JobState.FAILED


async def test_work_for_others_is_left_alone(scene: Scene) -> None:
    worker = scene.ask("commands.dry_run", target="worker")
    elsewhere = scene.ask("commands.plan", target=fleet_target(UUID(int=1)))
    await scene.control.work()
    assert (await scene.job(worker)).state is JobState.QUEUED
    assert (await scene.job(elsewhere)).state is JobState.QUEUED


async def test_work_of_ours_does_not_wait_behind_much_work_for_others(scene: Scene) -> None:
    for _ in range(501):
        scene.ask("commands.plan", target=fleet_target(UUID(int=1)))
    ours = scene.ask("commands.plan")
    await scene.control.work()
    assert (await scene.job(ours)).state is JobState.DONE


async def test_one_that_takes_long_keeps_no_other_waiting_and_is_begun_once(scene: Scene) -> None:
    scene.client.pause.clear()
    long = scene.ask("commands.plan")
    task = asyncio.create_task(scene.control.work_for_ever())
    await turn_until(scene, long, JobState.RUNNING)
    short = scene.ask("bot.refresh")
    scene.control.take(ControlMessage(Topic.JOBS_ASKED, fleet_target(scene.bot_id), "job"))
    await turn_until(scene, short, JobState.DONE)
    assert (await scene.job(long)).state is JobState.RUNNING
    scene.client.pause.set()
    await turn_until(scene, long, JobState.DONE)
    task.cancel()


async def turn_until(scene: Scene, job_id: UUID, state: JobState) -> None:
    """Let the loop turn until a job is that far."""
    for _ in range(200):
        await settle()
        if (await scene.job(job_id)).state is state:
            return
    pytest.fail(f"the job never was {state}")


async def test_hint_about_work_has_it_done_at_once_and_a_database_away_does_not_end_it(scene: Scene) -> None:
    scene.bridge.fault = away()
    task = asyncio.create_task(scene.control.work_for_ever())
    await settle()
    scene.bridge.fault = None
    job_id = scene.ask("commands.plan")
    scene.control.take(ControlMessage(Topic.JOBS_ASKED, fleet_target(scene.bot_id)))
    for _ in range(20):
        await settle()
    assert (await scene.job(job_id)).state is JobState.DONE
    task.cancel()

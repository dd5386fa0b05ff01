"""A job that breaks is answered, written down, and nobody else's concern."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from socialcube.db.session import write_sessions
from socialcube.domain.bots.types import WantedBot
from socialcube.domain.commands.types import CommandPlan
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobState, fleet_target
from socialcube.domain.logs.types import ErrorLogRecord
from socialcube.domain.placements.types import Lease
from socialcube.fleet.client import BotClient
from socialcube.fleet.control import Control
from socialcube.kernel.settings import FleetSettings
from tests.factories.jobs import make_job
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock
from tests.fakes.fleet import make_parts
from tests.fakes.logs import FakeSink


class Planner(BotClient):
    """A bot whose plan is the test's."""

    fault: Exception | None = None

    async def plan_commands(self) -> CommandPlan:
        if self.fault is not None:
            raise self.fault
        return CommandPlan()


@pytest.fixture
async def planners(
    bridge: DirectBridge,
    runner_id: UUID,
    settings: FleetSettings,
    clock: FakeClock,
    sink: FakeSink,
    store_bots: Callable[[int], list[UUID]],
) -> list[Planner]:
    parts, _ = make_parts(bridge, runner_id, settings, clock, sink)
    return [Planner(Lease(bot_id, 0, 1), WantedBot(bot_id, 1), parts) for bot_id in store_bots(2)]


@pytest.fixture
def control(bridge: DirectBridge, planners: list[Planner]) -> Control:
    return Control(
        lambda: pytest.fail("no hint is listened to"),
        bridge,
        {planner.unit: planner for planner in planners},
        lambda: None,
        "fleet:tests",
    )


def ask(engine: Engine, bot_id: UUID) -> UUID:
    with write_sessions(engine)() as session:
        job = make_job(session, kind="commands.plan", target=fleet_target(bot_id), bot_id=bot_id)
        session.commit()
        return job.id


async def test_job_that_breaks_is_answered_and_logged_and_the_next_one_is_done(
    control: Control, planners: list[Planner], bridge: DirectBridge, engine: Engine, sink: FakeSink
) -> None:
    broken, sound = planners
    broken.fault = AttributeError("'NoneType' object has no attribute 'get'")
    first, second = ask(engine, broken.bot_id), ask(engine, sound.bot_id)
    await control.work()
    answered = await bridge.read(queries.get_job, first)
    assert (answered.state, answered.problem) == (
        JobState.FAILED,
        "Something went wrong inside Social Cube. The error log of the bot says what.",
    )
    assert (await bridge.read(queries.get_job, second)).state is JobState.DONE
    [row] = sink.of(ErrorLogRecord)
    assert (row.code, row.place, row.bot_id) == ("job_broke", "commands.plan", broken.bot_id)
    assert "AttributeError" in row.detail


async def test_answer_that_cannot_be_stored_hinders_no_other_job(
    control: Control,
    planners: list[Planner],
    bridge: DirectBridge,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = (ask(engine, planner.bot_id) for planner in planners)
    finish = service.finish

    def refuse(uow: object, job_id: UUID, *args: object) -> bool:
        if job_id == first:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return finish(uow, job_id, *args)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(service, "finish", refuse)
    await control.work()
    assert (await bridge.read(queries.get_job, first)).state is JobState.RUNNING
    assert (await bridge.read(queries.get_job, second)).state is JobState.DONE

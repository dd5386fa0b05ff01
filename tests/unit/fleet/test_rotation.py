"""Sealing everything to a newer key: interrupted, repeated, with the wrong keys."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine

from socialcube.db.session import write_sessions
from socialcube.domain.bot_secrets import queries as bot_secrets
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.domain.bots.models import Bot
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.models import Job
from socialcube.domain.jobs.types import FLEET, JobState, JobView
from socialcube.domain.key_rotation import queries, service
from socialcube.domain.key_rotation.errors import KeyNotHeldError, KeysDifferError, RotationLostError
from socialcube.fleet.control import Control
from socialcube.fleet.rotation import STEP, KeyRotation
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.kernel.secrets import Secret
from tests.factories.bot_secrets import store_secret
from tests.factories.bots import make_bot
from tests.factories.jobs import from_now, make_job
from tests.fakes.bridge import DirectBridge
from tests.fakes.sealing import FakeOpener, FakeSealer

BOTS = STEP + 5
OLD, NEW, BOTH = FakeSealer("old"), FakeSealer("new", "old"), FakeOpener("new", "old")
US, OTHER = "fleet:us", "fleet:other"


@pytest.fixture
def bot_ids(engine: Engine) -> list[UUID]:
    """Give bots whose tokens, and one's secret, are sealed to the old key."""
    with write_sessions(engine)() as session:
        stored = [make_bot(session) for _ in range(BOTS)]
        for number, bot in enumerate(stored):
            place = {"table": "bots", "column": "sealed_token", "row_id": bot.id}
            bot.sealed_token = OLD.seal(Secret(f"token {number}"), **place)  # type: ignore[arg-type] # the cell's parts
        store_secret(session, OLD, stored[0].id, "key", value="secret value")
        session.commit()
        return [bot.id for bot in stored]


def rotation(bridge: DirectBridge, claimant: str = US, opener: FakeOpener = BOTH) -> KeyRotation:
    return KeyRotation(bridge, opener, NEW, claimant)


async def claimed(
    bridge: DirectBridge, engine: Engine, claimant: str = US, job_id: UUID | None = None
) -> JobView:
    if job_id is None:
        with write_sessions(engine)() as session:
            job_id = make_job(session, kind="keys.rotate", target=FLEET, payload={"key_id": "new"}).id
            session.commit()
    job = await bridge.write(job_service.claim, job_id, claimant)
    assert job is not None
    return job


async def open_all(bridge: DirectBridge, opener: FakeOpener) -> Counter[str]:
    cells = await bridge.read(queries.list_sealed)
    return Counter(
        opener.open(
            cell.sealed, table=cell.table, column=cell.column, row_id=cell.row_id, context=cell.context
        ).reveal()
        for cell in cells
    )


EVERYTHING = Counter([*(f"token {number}" for number in range(BOTS)), "secret value"])


async def test_asvs_11_1_1_everything_is_sealed_to_the_newest_key_and_opens_with_it_alone(
    bridge: DirectBridge, engine: Engine, bot_ids: list[UUID]
) -> None:
    versions = {bot.id: bot.version for bot in await bridge.read(bots.list_bots)}
    outcome = await rotation(bridge).run(await claimed(bridge, engine))
    assert outcome == {"key_id": "new", "done": BOTS + 1, "unreadable": []}
    assert await open_all(bridge, FakeOpener("new")) == EVERYTHING
    newest, old = await bridge.read(queries.list_key_uses, NEW)
    assert (newest.key_id, newest.tokens, newest.secrets, newest.is_newest) == ("new", BOTS, 1, True)
    assert (old.key_id, old.count, old.may_go, old.is_listed) == ("old", 0, True, True)
    # Nobody's open form is in conflict over it, and no bot connects afresh.
    assert {bot.id: bot.version for bot in await bridge.read(bots.list_bots)} == versions
    assert set(versions) == set(bot_ids)


@pytest.mark.usefixtures("bot_ids")
async def test_a_runner_that_dies_in_the_middle_loses_nothing_and_another_one_goes_on(
    bridge: DirectBridge, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await claimed(bridge, engine)
    real, steps = service.reseal, iter([True, False])

    def dies_at_the_second(*args: object) -> object:
        done = real(*args)  # type: ignore[arg-type] # passed on as they came
        if next(steps):
            return done
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "reseal", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        await rotation(bridge).run(job)
    monkeypatch.undo()
    assert await open_all(bridge, BOTH) == EVERYTHING
    assert len(await bridge.read(queries.list_stale, NEW)) == BOTS + 1 - STEP
    with write_sessions(engine)() as session:
        session.get_one(Job, job.id).claim_expires_at = from_now(-1)
        session.commit()
    outcome = await rotation(bridge, OTHER).run(await claimed(bridge, engine, OTHER, job.id))
    assert outcome["done"] == BOTS + 1
    assert await open_all(bridge, FakeOpener("new")) == EVERYTHING


@pytest.mark.usefixtures("bot_ids")
async def test_doing_it_again_changes_nothing(bridge: DirectBridge, engine: Engine) -> None:
    await rotation(bridge).run(await claimed(bridge, engine))
    sealed = await bridge.read(queries.list_sealed)
    outcome = await rotation(bridge).run(await claimed(bridge, engine))
    assert outcome["done"] == 0
    assert await bridge.read(queries.list_sealed) == sealed


@pytest.mark.usefixtures("bot_ids")
async def test_who_lost_the_claim_writes_nothing_more(bridge: DirectBridge, engine: Engine) -> None:
    job = await claimed(bridge, engine)
    with pytest.raises(RotationLostError):
        await rotation(bridge, OTHER).run(job)
    assert len(await bridge.read(queries.list_stale, NEW)) == BOTS + 1


async def test_what_no_key_opens_stays_as_it_is_and_is_named(
    bridge: DirectBridge, engine: Engine, bot_ids: list[UUID]
) -> None:
    broken = {"token": "no seal at all", "lost": "lost/bots.sealed_token.x:nekot"}
    with write_sessions(engine)() as session:
        for sealed in broken.values():
            make_bot(session, sealed_token=sealed)
        session.commit()
    outcome = await rotation(bridge).run(await claimed(bridge, engine))
    assert outcome["done"] == len(bot_ids) + 1
    assert isinstance(outcome["unreadable"], list)
    assert len(outcome["unreadable"]) == 2
    cells = await bridge.read(queries.list_sealed)
    assert set(broken.values()) <= {cell.sealed for cell in cells}
    unknown = [use for use in await bridge.read(queries.list_key_uses, NEW) if not use.is_listed]
    assert [(use.key_id, use.tokens, use.may_go) for use in unknown] == [("", 1, False), ("lost", 1, False)]


@pytest.mark.usefixtures("bot_ids")
async def test_nothing_is_sealed_to_a_key_that_this_runner_could_not_open(
    bridge: DirectBridge, engine: Engine
) -> None:
    with pytest.raises(KeyNotHeldError, match="so nothing was changed"):
        await rotation(bridge, opener=FakeOpener("old")).run(await claimed(bridge, engine))
    assert await open_all(bridge, FakeOpener("old")) == EVERYTHING


@pytest.mark.usefixtures("bot_ids")
async def test_a_panel_with_another_newest_key_is_told_so(bridge: DirectBridge, engine: Engine) -> None:
    job = await claimed(bridge, engine)
    with pytest.raises(KeysDifferError, match="this runner's newest key is newer"):
        await KeyRotation(bridge, BOTH, FakeSealer("newer", "new"), US).run(job)
    assert len(await bridge.read(queries.list_stale, NEW)) == BOTS + 1


async def test_a_token_that_changes_in_between_is_left_to_whoever_changed_it(
    bridge: DirectBridge, engine: Engine, bot_ids: list[UUID]
) -> None:
    cells = await bridge.read(bots.list_sealed)
    meanwhile = NEW.seal(Secret("another"), table="bots", column="sealed_token", row_id=cells[0].row_id)
    with write_sessions(engine)() as session:
        session.get_one(Bot, cells[0].row_id).sealed_token = meanwhile
        session.commit()
    resealed = await bridge.write(service.reseal, BOTH, NEW, cells)
    assert (resealed.done, resealed.moved) == (len(bot_ids) - 1, 1)
    assert (await bridge.read(bots.list_sealed))[0].sealed == meanwhile
    assert await bridge.read(bot_secrets.list_sealed)


async def test_any_runner_takes_the_job_even_one_without_bots(bridge: DirectBridge, engine: Engine) -> None:
    control = Control(
        lambda: pytest.fail("no hint is listened to"),
        bridge,
        {},
        lambda: None,
        US,
        work_for_all={"keys.rotate": rotation(bridge).run},
    )
    control.take(ControlMessage(Topic.JOBS_ASKED, FLEET, "job"))
    assert control._jobs_asked.is_set()
    with write_sessions(engine)() as session:
        good = make_job(session, kind="keys.rotate", target=FLEET, payload={"key_id": "new"}).id
        other = make_job(session, kind="keys.rotate", target=FLEET, payload={"key_id": "x"}).id
        unknown = make_job(session, kind="make.coffee", target=FLEET).id
        session.commit()
    await control.work()
    assert (await bridge.read(jobs.get_job, good)).state is JobState.DONE
    refused = await bridge.read(jobs.get_job, other)
    assert refused.state is JobState.FAILED
    assert "the same TOKEN_SEALING_KEYS" in refused.problem
    assert (await bridge.read(jobs.get_job, unknown)).state is JobState.FAILED


async def test_one_token_is_sealed_anew_and_the_others_stay(
    bridge: DirectBridge, engine: Engine, bot_ids: list[UUID]
) -> None:
    with write_sessions(engine)() as session:
        job_id = make_job(
            session, kind="bot.reseal", target=FLEET, payload={"key_id": "new"}, bot_id=bot_ids[0]
        ).id
        session.commit()
    job = await claimed(bridge, engine, US, job_id)
    assert await rotation(bridge).reseal_token(job) == {"key_id": "new"}
    sealed = {cell.row_id: cell.sealed for cell in await bridge.read(bots.list_sealed)}
    assert NEW.key_of(sealed[bot_ids[0]]) == "new"
    assert {NEW.key_of(sealed[bot_id]) for bot_id in bot_ids[1:]} == {"old"}
    with pytest.raises(TokenUnreadableError):
        await rotation(bridge, opener=FakeOpener("new")).reseal_token(replace(job, bot_id=bot_ids[1]))
    with pytest.raises(KeysDifferError):
        await rotation(bridge).reseal_token(replace(job, payload={"key_id": "other"}))

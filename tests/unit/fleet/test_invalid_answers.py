import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from socialcube.adapters.invalid_answers import InvalidAnswers
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import QuarantinedError
from socialcube.fleet import invalid_answers as module
from socialcube.fleet.invalid_answers import AddressWatch
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import FakeClock
from tests.fakes.engine import settle

StoreBots = Callable[[int], list[UUID]]


class FakeClient:
    """One bot, as the watch sees it."""

    def __init__(self, bot_id: UUID) -> None:
        self.bot_id = bot_id
        self.quarantined: list[QuarantinedError] = []

    async def quarantine(self, error: QuarantinedError) -> None:
        self.quarantined.append(error)


class Scene:
    def __init__(self, bridge: DirectBridge, clock: FakeClock, bots: list[UUID]) -> None:
        self.bridge, self.bots = bridge, bots
        self.counted = InvalidAnswers(clock, limit=3000)
        self.clients = [FakeClient(bot_id) for bot_id in bots]
        self.watch = AddressWatch(
            bridge,
            "nat-1",
            self.counted,
            lambda: self.clients,  # type: ignore[arg-type, return-value] # it asks for no more than they have
        )

    def answer(self, bot_id: UUID, count: int) -> None:
        for _ in range(count):
            self.counted.note(403, bot_id)

    async def elsewhere(self, counts: dict[UUID, int]) -> None:
        """Let another runner behind the same address tell what it was answered."""
        await self.bridge.write(service.report_invalid_answers, "nat-1", counts)

    def quarantined(self) -> list[UUID]:
        return [client.bot_id for client in self.clients for _ in client.quarantined]


@pytest.fixture
def scene(bridge: DirectBridge, clock: FakeClock, store_bots: StoreBots) -> Scene:
    return Scene(bridge, clock, store_bots(3))


async def test_bot_that_is_refused_again_and_again_is_stopped_and_the_others_are_not(scene: Scene) -> None:
    loud, calm, _ = scene.bots
    scene.answer(loud, 499)
    scene.answer(calm, 3)
    await scene.watch.look()
    assert scene.quarantined() == []
    scene.answer(loud, 1)
    await scene.watch.look()
    assert scene.quarantined() == [loud]
    [error] = scene.clients[0].quarantined
    assert "refused 500 of its calls" in error.message


async def test_bot_that_was_started_again_is_stopped_only_when_it_goes_on_with_it(scene: Scene) -> None:
    loud, calm, _ = scene.bots
    scene.answer(loud, 500)
    await scene.watch.look()
    scene.answer(calm, 1)
    await scene.watch.look()
    assert scene.quarantined() == [loud]
    scene.answer(loud, 1)
    await scene.watch.look()
    assert scene.quarantined() == [loud, loud]


async def test_what_a_bot_causes_on_several_runners_is_added_up(scene: Scene) -> None:
    loud, calm, _ = scene.bots
    await scene.elsewhere({loud: 300})
    scene.answer(loud, 200)
    scene.answer(calm, 1)
    await scene.watch.look()
    assert scene.quarantined() == [loud]


async def test_calls_pause_for_what_other_runners_of_the_address_cause(scene: Scene) -> None:
    strangers = {UUID(int=number): 400 for number in range(8)}
    await scene.elsewhere(strangers)
    before = scene.counted.too_many
    await scene.watch.look()
    assert (before, scene.counted.too_many) == (False, True)
    assert scene.quarantined() == []


async def test_what_could_not_be_told_is_told_later(scene: Scene) -> None:
    scene.answer(scene.bots[0], 500)
    scene.bridge.fault = away()
    with pytest.raises(OperationalError):
        await scene.watch.look()
    scene.bridge.fault = None
    await scene.watch.look()
    assert scene.quarantined() == [scene.bots[0]]


async def test_database_away_does_not_end_the_watch(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REPORT_SECONDS", 0)
    scene.bridge.fault = away()
    task = asyncio.create_task(scene.watch.watch_for_ever())
    await settle()
    scene.bridge.fault = None
    scene.answer(scene.bots[0], 500)
    async with asyncio.timeout(5):
        while not scene.quarantined():  # noqa: ASYNC110 - the fake has no event to wait for
            await asyncio.sleep(0)
    assert not task.done()
    task.cancel()


async def test_revoked_tokens_of_many_bots_stop_no_healthy_one(
    bridge: DirectBridge, clock: FakeClock, store_bots: StoreBots
) -> None:
    """One refused call of each is all that they cause: a bot stops at its first 401."""
    scene = Scene(bridge, clock, store_bots(200))
    for bot_id in scene.bots[:-1]:
        scene.answer(bot_id, 1)
    await scene.watch.look()
    assert scene.quarantined() == []
    assert not scene.counted.too_many

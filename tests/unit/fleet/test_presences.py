import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from socialcube.adapters.base import Launch
from socialcube.adapters.errors import PlatformUnreachableError
from socialcube.db.session import write_sessions
from socialcube.domain.bots.documents import presence_to_json
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import ActivityKind, Presence, Status
from socialcube.fleet import presences as module
from socialcube.fleet.presences import Presences
from socialcube.kernel.secrets import Secret
from tests.fakes.adapter import FakeAdapter
from tests.fakes.bot_events import FakeBotEvents
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import FakeClock
from tests.fakes.engine import settle

WATCHING = Presence(Status.IDLE, ActivityKind.WATCHING, "over you")


class Scene:
    """A runner with one bot in two parts, whose presence a test chooses."""

    def __init__(self, engine: Engine, bridge: DirectBridge, clock: FakeClock, bot_id: UUID) -> None:
        self._engine, self._bot_id = engine, bot_id
        self.adapters = [FakeAdapter(Launch(bot_id, 1, Secret("t"), 1), FakeBotEvents()) for _ in range(2)]
        self.clients: list[Any] = [
            SimpleNamespace(bot_id=bot_id, is_connected=True, platform=adapter) for adapter in self.adapters
        ]
        self.presences = Presences(bridge, lambda: self.clients, clock)

    def choose(self, presence: Presence) -> None:
        with write_sessions(self._engine)() as session:
            session.get_one(Bot, self._bot_id).presence = presence_to_json(presence)
            session.commit()


@pytest.fixture
async def scene(
    engine: Engine, bridge: DirectBridge, clock: FakeClock, store_bots: Callable[[int], list[UUID]]
) -> Scene:
    return Scene(engine, bridge, clock, store_bots(1)[0])


async def test_every_part_shows_what_is_chosen_and_only_once(scene: Scene) -> None:
    assert await scene.presences.look() is False
    scene.choose(WATCHING)
    for _ in range(2):
        await scene.presences.look()
    assert [adapter.shown for adapter in scene.adapters] == [[WATCHING], [WATCHING]]


async def test_what_another_runner_may_have_changed_is_said_again(scene: Scene) -> None:
    scene.adapters[0].presence = None
    await scene.presences.look()
    assert [adapter.shown for adapter in scene.adapters] == [[Presence()], []]


async def test_a_bot_that_is_away_is_left_alone(scene: Scene) -> None:
    scene.choose(WATCHING)
    for client in scene.clients:
        client.is_connected = False
    await scene.presences.look()
    assert [adapter.shown for adapter in scene.adapters] == [[], []]


async def test_the_sixth_change_in_twenty_seconds_waits_and_the_last_one_counts(
    scene: Scene, clock: FakeClock
) -> None:
    scene.clients.pop()
    for number in range(7):
        scene.choose(Presence(activity=ActivityKind.PLAYING, text=f"game {number}"))
        assert await scene.presences.look() is (number >= 5)
    [adapter, _] = scene.adapters
    assert len(adapter.shown) == 5
    clock.advance(20)
    assert await scene.presences.look() is False
    assert adapter.shown[5:] == [Presence(activity=ActivityKind.PLAYING, text="game 6")]


async def test_one_that_cannot_be_told_does_not_hold_up_the_others(scene: Scene) -> None:
    scene.choose(WATCHING)
    scene.adapters[0].refusal = PlatformUnreachableError(reason="it is away")
    await scene.presences.look()
    assert [adapter.shown for adapter in scene.adapters] == [[], [WATCHING]]
    scene.adapters[0].refusal = None
    await scene.presences.look()
    assert scene.adapters[0].shown == [WATCHING]


async def test_a_hint_is_followed_at_once_and_a_lost_database_only_waits(
    scene: Scene, bridge: DirectBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 3600.0)
    bridge.fault = away()
    task = asyncio.create_task(scene.presences.keep_for_ever())
    await settle()
    bridge.fault = None
    scene.choose(WATCHING)
    scene.presences.wake()
    await settle()
    assert scene.adapters[0].shown == [WATCHING]
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_without_a_hint_the_timer_finds_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.0)
    task = asyncio.create_task(scene.presences.keep_for_ever())
    await settle()
    scene.choose(WATCHING)
    await settle()
    assert scene.adapters[0].shown == [WATCHING]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

from datetime import timedelta
from typing import Any

import pytest

from socialcube.domain.bots.types import BotObservation
from socialcube.domain.placements.types import Lease
from socialcube.fleet.status import BotStatus
from socialcube.kernel.ids import new_id
from tests.fakes.clock import START, FakeClock
from tests.fakes.logs import FakeSink


class Measures:
    """What an adapter measures."""

    latency_ms, guild_count = 12.5, 3
    last_event_at = last_ack_at = last_rest_at = START


class Scene:
    def __init__(self) -> None:
        self.clock, self.reports = FakeClock(), list[BotObservation]()
        lease = Lease(new_id(), 0, 1)
        self.status = BotStatus(
            lease, new_id(), clock=self.clock, sink=FakeSink(), report=self.reports.append
        )
        self.adapter: Any = Measures()


def test_measures_that_did_not_change_are_not_reported_again() -> None:
    scene = Scene()
    scene.status.connected(guild_count=3, starts_left=None)
    for _ in range(3):
        scene.status.refresh(scene.adapter)
    assert [seen.latency_ms for seen in scene.reports] == [None, 12.5]


@pytest.mark.parametrize("how", ["connected", "resumed", "took_over"])
def test_connection_that_came_back_was_answered_just_now(how: str) -> None:
    scene = Scene()
    scene.status.connected(guild_count=3, starts_left=None)
    scene.status.reconnecting("Gone.")
    scene.clock.advance(3600)
    match how:
        case "connected":
            scene.status.connected(guild_count=3, starts_left=None)
        case "resumed":
            scene.status.resumed()
        case _:
            scene.status.took_over(guild_count=3)
    assert scene.reports[-1].last_ack_at == START + timedelta(hours=1)

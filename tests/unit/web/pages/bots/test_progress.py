from typing import Any

import pytest

from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState
from socialcube.web.pages.bots.progress import Stage, list_steps
from tests.factories.states import make_bot_state

STARTING = {"process": ProcessState.STARTING, "gateway": GatewayState.DISCONNECTED}
CONNECTING = {"process": ProcessState.STARTING, "gateway": GatewayState.CONNECTING}


def stages(**given: Any) -> list[tuple[str, Stage]]:
    return [(step.label, step.stage) for step in list_steps(make_bot_state(**given))]


@pytest.mark.parametrize("seen", [STARTING, CONNECTING])
def test_a_start_shows_who_took_the_bot_and_that_it_connects(seen: dict[str, Any]) -> None:
    assert stages(seen=seen) == [
        ("Asked to start", Stage.DONE),
        ("Taken by eu-1", Stage.DONE),
        ("Connecting to Discord", Stage.NOW),
        ("Online", Stage.LATER),
    ]


def test_a_stop_shows_that_work_is_finished_first() -> None:
    found = stages(desired_state=DesiredState.STOPPED)
    assert found == [
        ("Asked to stop", Stage.DONE),
        ("Finishing its work", Stage.NOW),
        ("Stopped", Stage.LATER),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"has_runner": False},
        {"seen": {"process": ProcessState.STOPPED}, "desired_state": DesiredState.STOPPED},
    ],
)
def test_nothing_under_way_has_no_steps(given: dict[str, Any]) -> None:
    assert stages(**given) == []

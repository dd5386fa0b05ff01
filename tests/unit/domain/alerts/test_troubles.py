from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.alerts.policy import find_trouble
from socialcube.domain.alerts.types import AlertKind, Trouble
from socialcube.domain.bots.types import BotView, DesiredState, GatewayState, ProcessState, Reason
from socialcube.kernel.ids import new_id
from tests.factories.states import make_view
from tests.fakes.clock import START

RUNNER = new_id()
LATER = START + timedelta(hours=1)
SILENCE = timedelta(seconds=120)


def look(bot: BotView, living: frozenset[UUID] = frozenset({RUNNER})) -> Trouble | None:
    return find_trouble(bot, living=living, now=LATER, silence=SILENCE)


def make_bot(desired: DesiredState = DesiredState.RUNNING, **seen: Any) -> BotView:
    return make_view(desired_state=desired, seen={"runner_id": RUNNER} | seen)


def test_a_bot_that_is_online_has_no_trouble() -> None:
    assert look(make_bot()) is None


@pytest.mark.parametrize("process", list(ProcessState))
def test_a_bot_that_nobody_wants_has_no_trouble(process: ProcessState) -> None:
    stopped = make_bot(DesiredState.STOPPED, process=process, is_held=True, gateway=GatewayState.DISCONNECTED)
    assert look(stopped) is None
    assert look(stopped, frozenset()) is None


def test_a_bot_without_a_living_runner_is_stopped_whatever_it_looked_like() -> None:
    trouble = look(make_bot(), frozenset({new_id()}))
    assert trouble is not None
    assert (trouble.kind, trouble.graces) == (AlertKind.STOPPED, 1)
    assert trouble.sentence == "No runner holds this bot."


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (Reason.CRASH_LOOP, AlertKind.CRASHING),
        (Reason.TOKEN_INVALID, AlertKind.NEEDS_YOU),
        (Reason.STARTS_USED_UP, AlertKind.NEEDS_YOU),
        (Reason.INTENTS_MISSING, AlertKind.NEEDS_YOU),
    ],
)
def test_a_held_bot_is_told_of_at_once(reason: Reason, kind: AlertKind) -> None:
    held = make_bot(process=ProcessState.HELD, gateway=GatewayState.DISCONNECTED, is_held=True, reason=reason)
    for living in (frozenset({RUNNER}), frozenset[UUID]()):
        trouble = look(held, living)
        assert trouble is not None
        assert (trouble.kind, trouble.graces) == (kind, 0)
        assert trouble.sentence
        assert trouble.remedy


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (Reason.CRASH_LOOP, AlertKind.CRASHING),
        (Reason.PLATFORM_UNREACHABLE, AlertKind.GATEWAY_DEAD),
        (None, AlertKind.STOPPED),
    ],
)
def test_a_failed_bot_that_is_tried_again_gets_its_grace(reason: Reason | None, kind: AlertKind) -> None:
    trouble = look(make_bot(process=ProcessState.FAILED, gateway=GatewayState.DISCONNECTED, reason=reason))
    assert trouble is not None
    assert (trouble.kind, trouble.graces) == (kind, 1)


def test_a_lost_connection_gets_its_grace() -> None:
    trouble = look(make_bot(gateway=GatewayState.RECONNECTING))
    assert trouble is not None
    assert (trouble.kind, trouble.graces) == (AlertKind.GATEWAY_DEAD, 1)


@pytest.mark.parametrize(
    "seen",
    [
        {"process": ProcessState.STARTING, "gateway": GatewayState.CONNECTING},
        {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTING},
        {"process": ProcessState.STOPPING, "gateway": GatewayState.CONNECTED},
    ],
)
def test_a_bot_on_its_way_gets_more_than_one_grace(seen: dict[str, Any]) -> None:
    trouble = look(make_bot(**seen))
    assert trouble is not None
    assert trouble.graces > 1


@pytest.mark.parametrize(("silent", "is_trouble"), [(119, False), (121, True)])
def test_a_zombie_is_found_by_its_unanswered_heartbeats(silent: int, *, is_trouble: bool) -> None:
    zombie = make_bot(last_ack_at=LATER - timedelta(seconds=silent), last_event_at=LATER)
    trouble = look(zombie)
    assert (trouble is not None) is is_trouble
    if trouble:
        assert (trouble.kind, trouble.graces) == (AlertKind.GATEWAY_DEAD, 1)
        assert trouble.sentence == "It looks connected, and Discord has not answered it for 2 minutes."


def test_a_connection_whose_heartbeats_nobody_counted_yet_is_no_zombie() -> None:
    assert look(make_bot(last_ack_at=None)) is None

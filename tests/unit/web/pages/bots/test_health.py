import pytest

from socialcube.domain.bots.policy import FEW_STARTS, SLOW_HEARTBEAT_MS
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Tone
from socialcube.web.pages.bots.health import gateway_axis, list_meters, process_axis
from tests.factories.states import make_bot_state


def test_a_living_process_with_a_dead_gateway_is_not_called_well() -> None:
    state = make_bot_state(seen={"gateway": GatewayState.RECONNECTING})
    assert process_axis(state).words.tone is Tone.OK
    assert gateway_axis(state).words.tone is Tone.ACCENT


def test_without_a_runner_neither_is_believed() -> None:
    state = make_bot_state(has_runner=False)
    assert (process_axis(state).words.tone, gateway_axis(state).words.tone) == (Tone.BAD, Tone.MUTED)
    stopped = make_bot_state(has_runner=False, desired_state=DesiredState.STOPPED)
    assert process_axis(stopped).words.tone is Tone.MUTED


@pytest.mark.parametrize("process", list(ProcessState))
@pytest.mark.parametrize("gateway", list(GatewayState))
def test_every_state_has_its_words(process: ProcessState, gateway: GatewayState) -> None:
    state = make_bot_state(seen={"process": process, "gateway": gateway})
    assert process_axis(state).note.endswith("on eu-1")
    assert gateway_axis(state).note


def test_a_late_heartbeat_makes_the_gateway_slow() -> None:
    state = make_bot_state(seen={"latency_ms": SLOW_HEARTBEAT_MS})
    assert (gateway_axis(state).words.tone, gateway_axis(state).note) == (Tone.WARN, "slow")
    assert gateway_axis(state).facts == (("Round trip", "2000 ms"),)


def test_budgets_tell_numbers_and_warn_in_time() -> None:
    fine = make_bot_state(seen={"starts_left": 871})
    assert [(meter.text, meter.tone) for meter in list_meters(fine, live_commands=12)] == [
        ("871 of 1,000", "ok"),
        ("12 of 100", "ok"),
    ]
    low = make_bot_state(seen={"starts_left": FEW_STARTS})
    assert [meter.tone for meter in list_meters(low, live_commands=90)] == ["bad", "warn"]


def test_an_unknown_budget_is_not_shown() -> None:
    assert [meter.label for meter in list_meters(make_bot_state(), live_commands=0)] == [
        "Commands for all servers"
    ]

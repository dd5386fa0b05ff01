from typing import Any

import pytest

from socialcube.domain.bots.policy import FEW_STARTS, SLOW_HEARTBEAT_MS
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Tone
from socialcube.domain.placements.types import BotBudgets
from socialcube.web.pages.bots.health import Meter, gateway_axis, list_meters, process_axis
from tests.factories.states import make_bot_state
from tests.fakes.clock import START


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


def meters(seen: dict[str, object] | None = None, **spent: int | str) -> dict[str, Meter]:
    fields: dict[str, Any] = {
        "starts_used": 0,
        "starts_total": 1000,
        "starts_limit": 900,
        "invalid_own": 0,
        "invalid_address": 0,
        "invalid_limit": 5000,
        "address": "eu-1",
    }
    live, created = (int(spent.pop(name, 0)) for name in ("live", "created"))
    budgets = BotBudgets(**(fields | spent))
    found = list_meters(make_bot_state(seen=seen), budgets, live_commands=live, created={None: created, 7: 1})
    return {meter.label: meter for meter in found}


@pytest.mark.parametrize(
    ("left", "text", "tone"),
    [
        (871, "871 of 1,000", "ok"),
        (100, "100 of 1,000", "warn"),
        (FEW_STARTS, f"{FEW_STARTS} of 1,000", "bad"),
    ],
)
def test_discords_word_for_the_starts_left_is_shown_and_warned_of(left: int, text: str, tone: str) -> None:
    meter = meters({"starts_left": left})["Starts left today"]
    assert (meter.text, meter.tone, bool(meter.note)) == (text, tone, True)


def test_the_gauge_of_starts_goes_by_the_total_that_discord_said() -> None:
    def gauge(seen: dict[str, object] | None = None, used: int = 0) -> Meter:
        return meters(seen, starts_used=used, starts_total=2000, starts_limit=1800)["Starts left today"]

    meter = gauge({"starts_left": 500})
    assert (meter.text, meter.percent, meter.tone) == ("500 of 2,000", 25, "ok")
    assert gauge({"starts_left": 200}).tone == "warn"
    assert gauge(used=30).text == "1,970 of 2,000"


def test_before_discord_said_anything_our_own_count_is_shown() -> None:
    assert meters(starts_used=30)["Starts left today"].text == "970 of 1,000"


@pytest.mark.parametrize(
    ("spent", "tone", "words"),
    [(0, "ok", "All bots"), (12, "ok", "3 by this bot"), (2500, "warn", "at 5,000"), (6000, "bad", "pause")],
)
def test_refused_calls_are_counted_for_all_bots_of_the_machine(spent: int, tone: str, words: str) -> None:
    meter = meters(invalid_address=spent, invalid_own=3)["Refused calls, 10 min"]
    assert (meter.text, meter.tone) == (f"{spent:,} of 5,000", tone)
    assert words in meter.note
    assert meter.percent <= 100


@pytest.mark.parametrize(
    ("created", "tone", "words"), [(12, "ok", ""), (160, "warn", "Few are left"), (200, "warn", "no more")]
)
def test_the_fullest_place_counts_for_commands_created(created: int, tone: str, words: str) -> None:
    meter = meters(created=created)["Commands created today"]
    assert (meter.text, meter.tone) == (f"{created} of 200", tone)
    assert words in meter.note


def test_commands_for_all_servers_warn_in_time() -> None:
    assert meters(live=12)["Commands for all servers"].tone == "ok"
    assert meters(live=90)["Commands for all servers"].tone == "warn"


def test_the_gateway_tells_when_discord_was_last_heard() -> None:
    state = make_bot_state(seen={"last_ack_at": START, "last_rest_at": START})
    assert dict(gateway_axis(state).times) == {
        "Connected": None,
        "Last acknowledgement": START,
        "Last event": None,
        "Last good reply": START,
    }

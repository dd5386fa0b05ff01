"""The right column of a bot's page: two health axes, budgets, what it may see, its runner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from socialcube.domain.bots.policy import FEW_STARTS, SLOW_HEARTBEAT_MS
from socialcube.domain.bots.types import GatewayState, ProcessState, StateView, StateWords, Tone
from socialcube.domain.commands.policy import CREATES_A_DAY, MAX_COMMANDS
from socialcube.domain.placements.types import BotBudgets
from socialcube.web.pages.states import BotState


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two things that must be alive.

    Attributes:
        words: shape, word and colour.
        note: what it is doing, in two or three words.
        times: moments by label.
        facts: other facts by label.
    """

    words: StateWords
    note: str
    times: tuple[tuple[str, datetime | None], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Meter:
    """How much is left of something that runs out.

    Attributes:
        tone: class of its colour.
        percent: length of the bar.
    """

    label: str
    text: str
    tone: str
    percent: int
    note: str = ""


def process_axis(state: BotState) -> Axis:
    """Say how the bot's task inside of a runner is."""
    seen = state.bot.state
    if state.runner is None:
        tone = Tone.MUTED if state.words.tone is Tone.MUTED else Tone.BAD
        return Axis(StateWords("Process", tone, "", ""), "not running", (("Last seen", seen.updated_at),))
    tone, note = _PROCESS[seen.process]
    where = f"{note} on {state.runner.host}"
    return Axis(StateWords("Process", tone, "", ""), where, (("Last heartbeat", state.runner.seen_at),))


def gateway_axis(state: BotState) -> Axis:
    """Say how the connection to Discord is. A bot without a runner has none, whatever was seen last."""
    seen = state.bot.state
    tone, note = _GATEWAY[seen.gateway] if state.runner else _GATEWAY[GatewayState.DISCONNECTED]
    if tone is Tone.OK and seen.latency_ms is not None and seen.latency_ms >= SLOW_HEARTBEAT_MS:
        tone, note = Tone.WARN, "slow"
    return Axis(
        StateWords("Gateway", tone, "", ""),
        note,
        (
            ("Connected", seen.connected_at),
            ("Last acknowledgement", seen.last_ack_at),
            ("Last event", seen.last_event_at),
            ("Last good reply", seen.last_rest_at),
        ),
        (("Round trip", _latency(seen)),),
    )


def list_meters(
    state: BotState, budgets: BotBudgets, *, live_commands: int, created: Mapping[int | None, int]
) -> list[Meter]:
    """List what the bot can use up.

    Args:
        state: as last seen.
        budgets: what it has spent, and what all bots behind its address have.
        live_commands: published for all servers and switched on.
        created: commands that were created for it today, by place.
    """
    return [
        _starts(state.bot.state.starts_left, budgets),
        _invalid(budgets),
        _created(max(created.values(), default=0)),
        _commands(live_commands),
    ]


def _starts(seen: int | None, budgets: BotBudgets) -> Meter:
    """Take Discord's own word for what is left, and ours before Discord said anything."""
    counted = max(budgets.starts_total - budgets.starts_used, 0)
    left = counted if seen is None else seen
    # What is left was said later than the total, which is forgotten after two days without a start.
    total = max(budgets.starts_total, left)
    is_low = left <= max(total - budgets.starts_limit, FEW_STARTS)
    if left <= FEW_STARTS:
        tone, note = "bad", "Do not restart it today: at none left, Discord resets its token"
    elif is_low:
        tone = "warn"
        note = "So few are left that it is not restarted by itself. Find out why it starts so often"
    else:
        tone, note = "ok", "Each start and restart spends one"
    return Meter("Starts left today", f"{left:,} of {total:,}", tone, _percent(left, total), note)


def _invalid(budgets: BotBudgets) -> Meter:
    spent, limit = budgets.invalid_address, budgets.invalid_limit
    own = f"{budgets.invalid_own:,} by this bot" if spent else "All bots of its machine together"
    if spent >= limit:
        tone, note = "bad", f"{own}. All bots of its machine pause, so that Discord does not shut them out"
    elif spent * 2 >= limit:
        tone, note = "warn", f"{own}. Look at its errors: at {limit:,} all bots of its machine pause"
    else:
        tone, note = "ok", own
    return Meter("Refused calls, 10 min", f"{spent:,} of {limit:,}", tone, _percent(spent, limit), note)


def _created(most: int) -> Meter:
    is_low = most >= CREATES_A_DAY * _NEARLY
    note = "Discord takes no more new ones in one place today; changes go on" if is_low else ""
    if is_low and most < CREATES_A_DAY:
        note = "Few are left in one place; further new ones wait until tomorrow"
    tone = "warn" if is_low else "ok"
    return Meter(
        "Commands created today", f"{most} of {CREATES_A_DAY}", tone, _percent(most, CREATES_A_DAY), note
    )


def _commands(live: int) -> Meter:
    is_low = live >= MAX_COMMANDS * _NEARLY
    note = "Take some back before you publish more" if is_low else ""
    tone = "warn" if is_low else "ok"
    return Meter(
        "Commands for all servers", f"{live} of {MAX_COMMANDS}", tone, _percent(live, MAX_COMMANDS), note
    )


def _percent(part: int, whole: int) -> int:
    return min(round(part * 100 / whole), 100)


def _latency(seen: StateView) -> str:
    return "—" if seen.latency_ms is None else f"{seen.latency_ms:.0f} ms"


_NEARLY: Final = 0.8
_PROCESS: Final = {
    ProcessState.STOPPED: (Tone.MUTED, "stopped"),
    ProcessState.STARTING: (Tone.ACCENT, "starting"),
    ProcessState.RUNNING: (Tone.OK, "alive"),
    ProcessState.STOPPING: (Tone.ACCENT, "stopping"),
    ProcessState.HELD: (Tone.HOLD, "stopped on purpose"),
    ProcessState.FAILED: (Tone.BAD, "ended with an error"),
}
_GATEWAY: Final = {
    GatewayState.DISCONNECTED: (Tone.MUTED, "not connected"),
    GatewayState.CONNECTING: (Tone.ACCENT, "connecting"),
    GatewayState.CONNECTED: (Tone.OK, "connected"),
    GatewayState.RECONNECTING: (Tone.ACCENT, "reconnecting"),
}

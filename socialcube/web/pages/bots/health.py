"""The right column of a bot's page: two health axes, budgets, what it may see, its runner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from socialcube.domain.bots.policy import FEW_STARTS, SLOW_HEARTBEAT_MS
from socialcube.domain.bots.types import GatewayState, ProcessState, StateView, StateWords, Tone
from socialcube.domain.commands.policy import MAX_COMMANDS
from socialcube.web.pages.states import BotState

DAILY_STARTS: Final = 1000
"""Session starts that Discord gives a bot in 24 hours (Gateway, "Session Start Limit Object")."""


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
        (("Connected", seen.connected_at), ("Last event", seen.last_event_at)),
        (("Round trip", _latency(seen)),),
    )


def list_meters(state: BotState, *, live_commands: int) -> list[Meter]:
    """List what the bot can use up.

    Args:
        state: as last seen.
        live_commands: published for all servers and switched on.
    """
    return [*_starts(state.bot.state.starts_left), _commands(live_commands)]


def _starts(left: int | None) -> list[Meter]:
    if left is None:
        return []
    total = max(DAILY_STARTS, left)
    tone = "bad" if left <= FEW_STARTS else "ok"
    note = (
        "At none left, Discord resets the token"
        if left <= FEW_STARTS
        else "Each start and restart spends one"
    )
    return [Meter("Starts left today", f"{left:,} of {total:,}", tone, round(left * 100 / total), note)]


def _commands(live: int) -> Meter:
    tone = "warn" if live >= MAX_COMMANDS * 0.9 else "ok"
    return Meter(
        "Commands for all servers", f"{live} of {MAX_COMMANDS}", tone, round(live * 100 / MAX_COMMANDS)
    )


def _latency(seen: StateView) -> str:
    return "—" if seen.latency_ms is None else f"{seen.latency_ms:.0f} ms"


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

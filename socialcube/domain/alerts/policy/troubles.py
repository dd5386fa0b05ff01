"""What is wrong with a bot that should run. Values in, a trouble or nothing out."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from socialcube.domain.alerts.types import AlertKind, Trouble
from socialcube.domain.bots.policy import describe_bot
from socialcube.domain.bots.types import (
    BotView,
    DesiredState,
    GatewayState,
    ProcessState,
    Reason,
    StateView,
    StateWords,
)

STARTING_GRACES: Final = 5
"""Starts are spread over time, and a large bot needs a while: a slow one is no trouble yet."""

_ON_THE_WAY: Final = frozenset({ProcessState.STARTING, ProcessState.STOPPING})


def find_trouble(
    bot: BotView, *, living: Collection[UUID], now: datetime, silence: timedelta
) -> Trouble | None:
    """Tell what is wrong with a bot, None when all is well or nobody wants it to run.

    Args:
        bot: what is wanted of it, and what was last seen.
        living: ids of the runners that live now. What a dead one saw last is worth nothing.
        now: the present.
        silence: how long a connected bot's heartbeats may go unanswered.
    """
    if bot.desired_state is not DesiredState.RUNNING:
        return None
    state, words = bot.state, describe_bot(bot, living=living, now=now)
    if state.is_held:
        is_crash = state.reason is Reason.CRASH_LOOP
        return _make(AlertKind.CRASHING if is_crash else AlertKind.NEEDS_YOU, words, graces=0)
    if state.runner_id not in living:
        return _make(AlertKind.STOPPED, words)
    if state.process is ProcessState.RUNNING and state.gateway is GatewayState.CONNECTED:
        return _find_silence(state, now, silence)
    is_starting = state.process in _ON_THE_WAY or state.gateway is GatewayState.CONNECTING
    return _make(_kind_of(state), words, graces=STARTING_GRACES if is_starting else 1)


def _kind_of(state: StateView) -> AlertKind:
    if state.process is not ProcessState.FAILED:
        return AlertKind.GATEWAY_DEAD
    if state.reason is Reason.CRASH_LOOP:
        return AlertKind.CRASHING
    if state.reason is Reason.PLATFORM_UNREACHABLE:
        return AlertKind.GATEWAY_DEAD
    return AlertKind.STOPPED


def _find_silence(state: StateView, now: datetime, silence: timedelta) -> Trouble | None:
    """Look behind a connection that says of itself that it stands: a zombie does so, too."""
    if state.last_ack_at is None:
        return None
    # A connection that was just made owes no answer yet; the last one is of the connection before it.
    heard = max(state.last_ack_at, state.connected_at or state.last_ack_at)
    if now - heard <= silence:
        return None
    minutes = int((now - heard).total_seconds() // 60)
    sentence = f"It looks connected, and Discord has not answered it for {minutes} minutes."
    # What came back a moment ago is heard at the next heartbeat, so this waits like any other trouble.
    return Trouble(AlertKind.GATEWAY_DEAD, sentence, "Restart it; if it stays so, look at its runner.", 1)


def _make(kind: AlertKind, words: StateWords, graces: int = 1) -> Trouble:
    return Trouble(kind, words.sentence, words.remedy, graces)

"""The steps of a start and of a stop, as far as they have come."""

from dataclasses import dataclass
from enum import StrEnum

from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Tone
from socialcube.web.pages.states import BotState


class Stage(StrEnum):
    """How far one step is."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way."""

    label: str
    stage: Stage


def list_steps(state: BotState) -> list[Step]:
    """List the steps of what is under way, none when nothing is."""
    if state.words.tone is not Tone.ACCENT:
        return []
    if state.bot.desired_state is DesiredState.STOPPED:
        return _steps(("Asked to stop", "Finishing its work", "Stopped"), 1)
    labels = ("Asked to start", _claimed_label(state), "Connecting to Discord", "Online")
    return _steps(labels, _reached(state))


def _claimed_label(state: BotState) -> str:
    return f"Taken by {state.runner.host}" if state.runner else "Waiting for a runner"


def _reached(state: BotState) -> int:
    if state.runner is None:
        return 1
    seen = state.bot.state
    if seen.process is ProcessState.RUNNING and seen.gateway is GatewayState.CONNECTED:
        return 3
    return 2


def _steps(labels: tuple[str, ...], now: int) -> list[Step]:
    return [
        Step(label, Stage.DONE if place < now else Stage.NOW if place == now else Stage.LATER)
        for place, label in enumerate(labels)
    ]

"""The words for a bot's state."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from socialcube.domain.bots.types import (
    BotView,
    DesiredState,
    GatewayState,
    ProcessState,
    Reason,
    StateView,
    StateWords,
    Tone,
)

SLOW_HEARTBEAT_MS: Final = 2000.0
FEW_STARTS: Final = 50
"""Session starts left today below which a bot is worth a warning: at none Discord resets its token."""

CLAIM_SECONDS: Final = 10.0
"""How long after a wish a bot without a runner still counts as starting: runners look every few seconds."""


def describe_bot(bot: BotView, *, living: Collection[UUID], now: datetime) -> StateWords:
    """Say a bot's state in the panel's words, as every page says it.

    Args:
        bot: what is wanted of it and what was last seen.
        living: ids of the runners that live now.
        now: a bot that somebody started a moment ago is not failed yet, only because nobody took it.
    """
    has_runner = bot.state.runner_id in living
    is_wanted = bot.desired_state is DesiredState.RUNNING and not bot.state.is_held
    is_fresh = (now - bot.updated_at).total_seconds() < CLAIM_SECONDS
    if is_wanted and not has_runner and living and is_fresh:
        return StateWords("Starting", Tone.ACCENT, "It waits for a runner to take it.", "")
    words = describe(bot.desired_state, bot.state, has_runner=has_runner)
    if words.tone is Tone.OK and bot.interactions_url:
        return StateWords("Unstable", Tone.WARN, *_SENT_ELSEWHERE)
    return words


def describe(desired: DesiredState, state: StateView, *, has_runner: bool = True) -> StateWords:
    """Say a bot's state in the panel's words.

    Args:
        desired: what the owner wants.
        state: what was last seen.
        has_runner: whether a living runner holds the bot now. Without one the last sight is worthless:
            a process that looked fine may be long dead.
    """
    if state.is_held:
        return _words(
            "Needs you", Tone.HOLD, state, otherwise="It was stopped on purpose. Start it to try again."
        )
    if desired is DesiredState.STOPPED:
        return _describe_unwanted(state, has_runner=has_runner)
    if not has_runner:
        return StateWords("Failed", Tone.BAD, *_NO_RUNNER)
    if state.process is ProcessState.RUNNING:
        return _describe_running(state)
    return _describe_on_the_way(state)


def _describe_unwanted(state: StateView, *, has_runner: bool) -> StateWords:
    if has_runner and state.process in {ProcessState.RUNNING, ProcessState.STARTING, ProcessState.STOPPING}:
        return StateWords("Stopping", Tone.ACCENT, "It finishes what it is doing, then leaves.", "")
    return StateWords("Stopped", Tone.MUTED, "It was stopped here.", "Start it when you want it back.")


def _describe_on_the_way(state: StateView) -> StateWords:
    if state.process is ProcessState.FAILED:
        return _words("Failed", Tone.BAD, state, otherwise="It ended with an error. A runner will try again.")
    if state.process is ProcessState.STOPPING:
        return StateWords("Stopping", Tone.ACCENT, "It will start again in a moment.", "")
    return _words("Starting", Tone.ACCENT, state, otherwise="A runner is about to connect it.")


def _describe_running(state: StateView) -> StateWords:
    if state.gateway is GatewayState.CONNECTING:
        return _words("Starting", Tone.ACCENT, state, otherwise="It is connecting to Discord.")
    if state.gateway is not GatewayState.CONNECTED:
        return _words("Reconnecting", Tone.ACCENT, state, otherwise="The connection to Discord was lost.")
    if state.reason is not None or state.sentence:
        return _words("Unstable", Tone.WARN, state)
    trouble = _find_trouble(state)
    return StateWords("Unstable", Tone.WARN, *trouble) if trouble else StateWords("Online", Tone.OK, "", "")


def _find_trouble(state: StateView) -> tuple[str, str] | None:
    """Find what is wrong with a connected bot that nobody complained about, and the remedy."""
    if state.commands_problem:
        return state.commands_problem, "Review the changes to its commands."
    if state.latency_ms is not None and state.latency_ms >= SLOW_HEARTBEAT_MS:
        sentence = f"Discord answers late: {state.latency_ms / 1000:.1f} s for a heartbeat."
        return sentence, "Look at the load and the network of its runner."
    if state.starts_left is not None and state.starts_left <= FEW_STARTS:
        sentence = f"Starts left today: {state.starts_left}. At none, Discord resets its token."
        return sentence, "Do not restart it until tomorrow."
    return None


def _words(word: str, tone: Tone, state: StateView, *, otherwise: str = "") -> StateWords:
    """Let what the runner wrote win over the general words for its reason."""
    sentence, remedy = _REASONS[state.reason] if state.reason else (otherwise, "")
    return StateWords(word, tone, state.sentence or sentence, state.remedy or remedy)


_NO_RUNNER: Final = (
    "No runner holds this bot.",
    "Start a `bots` process, or look at the ones that run: they may be full or cut off from the database.",
)
_SENT_ELSEWHERE: Final = (
    "Discord sends its commands to another address, so none of them arrives here.",
    "Have them sent here, on the page of the bot.",
)
_REASONS: Final = {
    Reason.TOKEN_INVALID: (
        "Discord does not accept its token any more.",
        "Reset the token in Discord's developer portal and paste the new one here.",
    ),
    Reason.TOKEN_UNREADABLE: (
        "Its stored token cannot be opened.",
        "Paste the token again, or give the runner the key it was sealed for.",
    ),
    Reason.INTENTS_MISSING: (
        "Discord does not let it see what it asks for.",
        "Switch on the missing intents in Discord's developer portal, then start it again.",
    ),
    Reason.STARTS_USED_UP: (
        "It used up today's session starts.",
        "Wait until tomorrow: one start more would make Discord reset its token.",
    ),
    Reason.CRASH_LOOP: (
        "It crashed.",
        "Read its latest errors. It starts again by itself, each time a little later.",
    ),
    Reason.PLATFORM_UNREACHABLE: (
        "Discord cannot be reached.",
        "Nothing to do here: it tries again by itself. Look at discordstatus.com.",
    ),
    Reason.RUNNER_LOST: (
        "Its runner went away.",
        "Nothing to do: another runner takes it over. If none does, start a `bots` process.",
    ),
    Reason.TOKEN_LEAKED: (
        "Its token was reported as leaked and destroyed here.",
        "Reset the token in Discord's developer portal and paste the new one here.",
    ),
    Reason.TOKEN_MISSING: (
        "It was restored, and its token is gone.",
        "Paste its token, or reset it in Discord's developer portal and paste the new one here.",
    ),
    Reason.QUARANTINED: (
        "Discord refused so many of its calls that it was stopped, before Discord shuts out all bots here.",
        "Read its latest errors and mend what they name, then start it again.",
    ),
    Reason.REFUSED: (
        "Discord refused the connection.",
        "Read its latest errors, then start it again.",
    ),
}

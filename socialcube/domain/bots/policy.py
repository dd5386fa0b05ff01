"""Rules about bots: which texts they may carry, and the words for their state."""

import re
import unicodedata
from typing import Final

from socialcube.domain.bots.errors import InvalidBotDescriptionError, InvalidBotNameError, InvalidIntentsError
from socialcube.domain.bots.types import (
    GUILDS_INTENT,
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
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

_MAX_INTENTS: Final = (1 << 53) - 1
_HASH: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_LINE_BREAKING: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def check_name(name: str) -> str:
    """Give the name without surrounding blanks.

    Raises:
        InvalidBotNameError: it is empty, too long or not on one line.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME_LENGTH or any(map(_breaks_line, name)):
        raise InvalidBotNameError(max_length=MAX_NAME_LENGTH)
    return name


def check_description(description: str) -> str:
    """Give the description without surrounding blanks.

    Raises:
        InvalidBotDescriptionError: it is too long or holds control characters other than line breaks.
    """
    description = description.replace("\r\n", "\n").strip()
    if len(description) > MAX_DESCRIPTION_LENGTH or any(map(_breaks_line, _without_breaks(description))):
        raise InvalidBotDescriptionError(max_length=MAX_DESCRIPTION_LENGTH)
    return description


def check_intents(intents: int) -> int:
    """Give the intents together with the one that no bot can do without.

    Raises:
        InvalidIntentsError: the number is no bit set that Discord could understand.
    """
    if not 0 <= intents <= _MAX_INTENTS:
        raise InvalidIntentsError(intents=intents)
    return intents | GUILDS_INTENT


def clean_platform_text(text: str, *, max_length: int, fallback: str = "") -> str:
    """Make a text of the platform fit our rules instead of refusing it: nobody here can change it."""
    kept = "".join(" " if _breaks_line(character) else character for character in text)
    return " ".join(kept.split())[:max_length].strip() or fallback


def clean_avatar(avatar: str | None) -> str | None:
    """Give an avatar's hash, or None when it is none that could stand in an address."""
    return avatar if avatar and _HASH.fullmatch(avatar) else None


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
    return StateWords("Stopped", Tone.MUTED, "You stopped it.", "Start it when you want it back.")


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


def _breaks_line(character: str) -> bool:
    return unicodedata.category(character) in _LINE_BREAKING


def _without_breaks(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


_NO_RUNNER: Final = (
    "No runner holds this bot.",
    "Start a `bots` process, or look at the ones that run: they may be full or cut off from the database.",
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
        "It failed again and again right after its start.",
        "Read its latest errors, then start it again.",
    ),
    Reason.PLATFORM_UNREACHABLE: (
        "Discord cannot be reached.",
        "Nothing to do here: it tries again by itself. Look at discordstatus.com.",
    ),
    Reason.RUNNER_LOST: (
        "Its runner went away.",
        "Nothing to do: another runner takes it over. If none does, start a `bots` process.",
    ),
    Reason.REFUSED: (
        "Discord refused the connection.",
        "Read its latest errors, then start it again.",
    ),
}

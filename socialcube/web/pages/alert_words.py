"""States of alerts, of their messages and of channels, as pages show them: a shape, a word, a colour."""

from collections.abc import Mapping
from typing import Final

from socialcube.domain.alerts.policy import describe_kind
from socialcube.domain.alerts.types import (
    AlertKind,
    AlertView,
    ChannelView,
    Ending,
    MessageState,
    MessageView,
    News,
)
from socialcube.domain.bots.types import StateWords, Tone

KINDS: Final = {
    AlertKind.NEEDS_YOU: "Needs you",
    AlertKind.CRASHING: "Keeps crashing",
    AlertKind.STOPPED: "Does not run",
    AlertKind.GATEWAY_DEAD: "Lost Discord",
}
NEWS: Final = {News.BEGAN: "That it began", News.ENDED: "That it is over"}

_TONES: Final = {
    AlertKind.NEEDS_YOU: Tone.HOLD,
    AlertKind.CRASHING: Tone.BAD,
    AlertKind.STOPPED: Tone.BAD,
    AlertKind.GATEWAY_DEAD: Tone.WARN,
}
_ENDINGS: Final = {
    Ending.RECOVERED: ("Is back", Tone.OK, "It ran well again for a while, and that was told."),
    Ending.UNWANTED: ("Was stopped", Tone.MUTED, "Somebody stopped the bot."),
    Ending.WORSENED: ("Got worse", Tone.MUTED, "Another alert went on from here."),
}
_MESSAGES: Final = {
    MessageState.WAITING: ("Waits", Tone.ACCENT),
    MessageState.SENDING: ("Is being sent", Tone.ACCENT),
    MessageState.SENT: ("Told", Tone.OK),
    MessageState.FAILED: ("Did not arrive", Tone.BAD),
    MessageState.UNKNOWN: ("Not known", Tone.WARN),
    MessageState.DROPPED: ("Not sent", Tone.MUTED),
}


def alert_state(alert: AlertView) -> StateWords:
    """Say how an alert is: what is wrong while it is open, how it ended afterwards."""
    if alert.ending is not None:
        return StateWords(*_ENDINGS[alert.ending], "")
    if alert.calm_since is not None:
        return StateWords("Seems back", Tone.ACCENT, "It is well; that is told once it stays so.", "")
    return StateWords(KINDS[alert.kind], _TONES[alert.kind], alert.sentence, alert.remedy)


def alert_title(alert: AlertView) -> str:
    """Name an alert."""
    return f"{alert.bot_name} {describe_kind(alert.kind)}"


def message_state(message: MessageView) -> StateWords:
    """Say what became of a message."""
    return StateWords(*_MESSAGES[message.state], message.problem, "")


def channel_state(channel: ChannelView) -> StateWords:
    """Say whether anything arrives through a channel."""
    if not channel.is_on:
        tone = Tone.BAD if channel.problem else Tone.MUTED
        return StateWords("Off", tone, channel.problem, "")
    if channel.problem:
        return StateWords("In trouble", Tone.WARN, channel.problem, "")
    return StateWords("On", Tone.OK, "", "")


def told_words(counts: Mapping[MessageState, int]) -> StateWords:
    """Say in one word whether people know."""
    total = sum(counts.values())
    told = counts.get(MessageState.SENT, 0)
    if not total:
        return StateWords("Nobody", Tone.MUTED, "No channel was there to tell of it.", "")
    if counts.get(MessageState.FAILED, 0) or counts.get(MessageState.UNKNOWN, 0):
        return StateWords("Not everybody", Tone.WARN, "Open it to see what did not arrive.", "")
    if counts.get(MessageState.WAITING, 0) or counts.get(MessageState.SENDING, 0):
        return StateWords("On its way", Tone.ACCENT, "", "")
    if not told:
        return StateWords("Nobody", Tone.MUTED, "Its channels were switched off.", "")
    return StateWords("Everybody", Tone.OK, "", "")

"""What people are told. Plain words; each channel writes them in its own way."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from socialcube.domain.alerts.types import AlertKind, AlertView, Claimed, Ending, News, Notice
from socialcube.domain.bots.types import Tone

MOST_LINES: Final = 12
"""Bots that one message names; of more it says how many."""

KINDS: Final[Mapping[AlertKind, str]] = {
    AlertKind.STOPPED: "does not run",
    AlertKind.GATEWAY_DEAD: "lost Discord",
    AlertKind.CRASHING: "keeps crashing",
    AlertKind.NEEDS_YOU: "needs you",
}
"""What is wrong with a bot, behind its name."""

_TONES: Final = {
    AlertKind.STOPPED: Tone.BAD,
    AlertKind.GATEWAY_DEAD: Tone.WARN,
    AlertKind.CRASHING: Tone.BAD,
    AlertKind.NEEDS_YOU: Tone.HOLD,
}
_SECONDS: Final = 120


def describe_kind(kind: AlertKind) -> str:
    """Say what is wrong, behind a bot's name."""
    return KINDS[kind]


def compose(taken: Claimed, *, public_url: str, now: datetime) -> Notice:
    """Write what one message says of one bot, or of many at once.

    Args:
        taken: the news, which are all of the same sort.
        public_url: the panel's address, no slash at the end.
        now: when it is sent.
    """
    is_one = len(taken.alerts) == 1
    write = (_began if is_one else _many_began) if taken.news is News.BEGAN else (_ended if is_one else _many)
    title, lines, tone = write(taken.alerts, now)
    path = f"/admin/bots/{taken.alerts[0].bot_id}/" if is_one else "/admin/alerts/"
    ids = ",".join(sorted(map(str, taken.message_ids)))
    key = sha256(ids.encode()).hexdigest()[:32]
    return Notice(key, title, tuple(lines), tone, public_url + path, now)


def test_notice(name: str, *, key: str, public_url: str, now: datetime) -> Notice:
    """Write what a test says."""
    lines = (
        f"This is a test of the channel “{name}”. No bot is in trouble because of it.",
        "When one stops, keeps crashing, needs you or loses Discord, it says so here, and when it is back.",
    )
    return Notice(key, "Alerts arrive here", lines, Tone.ACCENT, f"{public_url}/admin/alerts/channels/", now)


_Said = tuple[str, list[str], Tone]


def _began(alerts: Sequence[AlertView], now: datetime) -> _Said:
    alert = alerts[0]
    lines = [line for line in (alert.sentence, alert.remedy) if line]
    lines.append(f"Since {_clock(alert.began_at)}, {_duration(now - alert.began_at)} ago.")
    return f"{alert.bot_name} {KINDS[alert.kind]}", lines, _TONES[alert.kind]


def _many_began(alerts: Sequence[AlertView], _now: datetime) -> _Said:
    lines = [f"{alert.bot_name} {KINDS[alert.kind]}. {alert.sentence}".strip() for alert in alerts]
    worst = next(
        (tone for tone in (Tone.BAD, Tone.HOLD) if tone in {_TONES[a.kind] for a in alerts}), Tone.WARN
    )
    return f"{len(alerts):,} bots are in trouble", _few(lines), worst


def _ended(alerts: Sequence[AlertView], _now: datetime) -> _Said:
    alert = alerts[0]
    over = alert.calm_since or alert.ended_at or alert.began_at
    span = f"From {_clock(alert.began_at)} to {_clock(over)}, {_duration(over - alert.began_at)}."
    if alert.ending is Ending.UNWANTED:
        return (
            f"{alert.bot_name} is stopped",
            ["Somebody stopped it, so this alert is over.", span],
            Tone.MUTED,
        )
    return f"{alert.bot_name} is back", [f"It {_was(alert.kind)}. All is well again.", span], Tone.OK


def _many(alerts: Sequence[AlertView], _now: datetime) -> _Said:
    lines = [
        f"{alert.bot_name} {'was stopped' if alert.ending is Ending.UNWANTED else 'is back'}"
        for alert in alerts
    ]
    is_good = any(alert.ending is Ending.RECOVERED for alert in alerts)
    title = f"{len(alerts):,} alerts are over"
    return title, _few(lines), Tone.OK if is_good else Tone.MUTED


def _was(kind: AlertKind) -> str:
    return {
        AlertKind.STOPPED: "did not run",
        AlertKind.GATEWAY_DEAD: "had lost Discord",
        AlertKind.CRASHING: "kept crashing",
        AlertKind.NEEDS_YOU: "needed somebody",
    }[kind]


def _few(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"… and {more:,} more."] if more > 0 else lines


def _clock(moment: datetime) -> str:
    return moment.strftime("%-d %B %Y, %H:%M UTC")


def _duration(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < _SECONDS:
        return f"{seconds} seconds"
    minutes = seconds // 60
    if minutes < _SECONDS:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours"

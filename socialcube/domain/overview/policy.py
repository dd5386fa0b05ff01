"""Rules of the overview: how a period is divided, and from when on something needs people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from socialcube.domain.bots.types import BotView, Reason, StateWords, Tone
from socialcube.domain.logs.types import Figures, Grain
from socialcube.domain.overview.types import ActionKind, FleetStatus, Frame, Period

HOUR: Final = timedelta(hours=1)
WEEK_HOURS: Final = 7 * 24

MIN_ERRORS: Final = 5
"""Fewer in one hour are no news, whatever is usual."""

TIMES_USUAL: Final = 3.0
SLOW_MS: Final = 2000.0
"""Discord waits 3 seconds for a first answer; what takes two is near that edge."""

MIN_SLOW_RUNS: Final = 20
"""A percentile of fewer runs says little."""

WAITING_SECONDS: Final = 60.0
UNSENT_SECONDS: Final = 300.0
RECONNECTING_SECONDS: Final = 30.0
LAG_SECONDS: Final = 120.0

SEVERITY: Final = (Tone.BAD, Tone.HOLD, Tone.WARN, Tone.ACCENT, Tone.OK, Tone.MUTED)
"""The worst first."""

_SHAPES: Final = {
    Period.HOUR: (Grain.MINUTE, timedelta(minutes=1), 60),
    Period.DAY: (Grain.HOUR, HOUR, 24),
    Period.WEEK: (Grain.HOUR, 6 * HOUR, 28),
}
_ACTIONS: Final = {
    Reason.TOKEN_INVALID: ("Replace token", ActionKind.REPLACE_TOKEN),
    Reason.TOKEN_UNREADABLE: ("Replace token", ActionKind.REPLACE_TOKEN),
    Reason.TOKEN_LEAKED: ("Replace token", ActionKind.REPLACE_TOKEN),
    Reason.TOKEN_MISSING: ("Give a token", ActionKind.REPLACE_TOKEN),
    Reason.CRASH_LOOP: ("See errors", ActionKind.OPEN_ERRORS),
    Reason.REFUSED: ("See errors", ActionKind.OPEN_ERRORS),
}


def frame_of(period: Period, now: datetime) -> Frame:
    """Divide a period: 60 minutes, 24 hours, or 28 times six hours; the stretch of `now` is the last."""
    grain, step, count = _SHAPES[period]
    floor = floor_of(grain, now)
    unit = timedelta(minutes=1) if grain is Grain.MINUTE else HOUR
    return Frame(grain, floor + unit - step * count, step, count, now)


def floor_of(grain: Grain, moment: datetime) -> datetime:
    """Give the begin of the minute or hour that a moment lies in."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if grain is Grain.MINUTE else floor.replace(minute=0)


def is_unusual(lately: int, usual: int) -> bool:
    """Tell whether there are more errors than usual.

    The rule: at least five errors within the last hour, and more than three times as many as an average
    hour of the seven days before. A bot without a history is measured against none at all.

    Args:
        lately: errors within the last hour.
        usual: errors of the seven days before.
    """
    return lately >= MIN_ERRORS and lately > TIMES_USUAL * usual / WEEK_HOURS


def is_slow(figures: Figures) -> bool:
    """Tell whether a command takes so long that some people see Discord's "did not respond"."""
    return figures.runs >= MIN_SLOW_RUNS and (figures.p95_ms or 0) > SLOW_MS


def needs_people(words: StateWords, bot: BotView, now: datetime) -> bool:
    """Tell whether a bot's state is worth a line.

    What is under way needs nobody; a connection that stays lost for half a minute does.
    """
    if words.word == "Reconnecting":
        since = since_when(words, bot)
        return since is not None and (now - since).total_seconds() > RECONNECTING_SECONDS
    return words.tone in {Tone.BAD, Tone.HOLD, Tone.WARN}


def since_when(words: StateWords, bot: BotView) -> datetime | None:
    """Give since when a bot is as it is, None where nothing tells.

    Nobody looks any more at a bot that stopped, so the last look is when it did. A connected one is looked
    at all the time; of a lost connection the last event tells.
    """
    if words.tone in {Tone.BAD, Tone.HOLD}:
        return bot.state.updated_at
    return bot.state.last_event_at or bot.state.updated_at if words.word == "Reconnecting" else None


def action_for(bot: BotView) -> tuple[str, ActionKind]:
    """Give the words and the target of the button that helps with a bot's state."""
    default = ("Open bot", ActionKind.OPEN_BOT)
    return _ACTIONS.get(bot.state.reason, default) if bot.state.reason else default


def find_fleet_troubles(status: FleetStatus) -> list[str]:
    """List what is wrong with the fleet as a whole, a sentence each; nothing when all is well."""
    return [*_troubles_of_runners(status), *_troubles_of_bots(status)]


def _troubles_of_runners(status: FleetStatus) -> Iterator[str]:
    lacking = status.units_wanted - status.units_owned
    worst, most = max(status.invalid_answers.values(), default=0), status.invalid_limit
    if not status.runners:
        if status.wanted:
            yield "No bot runner is alive; start a `bots` process."
    elif status.units_wanted > status.capacity:
        yield f"{status.units_wanted:,} bots should run; there is room for {status.capacity:,}. Add a runner."
    elif lacking > 0:
        yield f"{lacking:,} of the bots that should run have no runner yet."
    if worst * 2 > most:
        yield f"Discord refused one address {worst:,} times in ten minutes; at {most:,} it pauses."
    if status.unsent_long:
        yield f"Alerts that arrive nowhere: {status.unsent_long:,}. See the channels under Alerts."
    if status.jobs_waiting:
        yield f"Jobs that nobody takes up: {status.jobs_waiting:,}. Is a worker running?"


def _troubles_of_bots(status: FleetStatus) -> Iterator[str]:
    if failed := status.bots["Failed"]:
        yield f"Failed: {failed:,}."
    if held := status.bots["Needs you"]:
        yield f"Stopped until somebody helps: {held:,}."
    if alerts := sum(status.open_alerts.values()):
        yield f"Open alerts: {alerts:,}."

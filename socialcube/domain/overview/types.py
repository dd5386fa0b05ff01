"""Words of the overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from socialcube.domain.alerts.types import AlertKind
from socialcube.domain.bots.types import Tone
from socialcube.domain.logs.types import Grain
from socialcube.domain.placements.types import RunnerView


class Period(StrEnum):
    """How far back a page looks."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"


@dataclass(frozen=True, slots=True)
class Frame:
    """A period as stretches of equal length, the last one still open.

    Attributes:
        grain: length of the stored stretches that are read.
        start: where the first point begins.
        step: length of one point, a multiple of the grain.
        count: number of points.
        now: end of the last point so far.
    """

    grain: Grain
    start: datetime
    step: timedelta
    count: int
    now: datetime

    @property
    def length(self) -> timedelta:
        """Give the length of the whole period."""
        return self.step * self.count


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over a period.

    Attributes:
        total: the figure of the whole period, None where there is nothing to measure.
        previous: the same of the period before, up to the same part of its last stretch.
        points: the figure of each stretch, the oldest first.
    """

    total: float | None
    previous: float | None
    points: tuple[float | None, ...]

    @property
    def change(self) -> float | None:
        """Give the change against the period before, 0.5 for half as much again; None without one."""
        if self.total is None or not self.previous:
            return None
        return self.total / self.previous - 1


@dataclass(frozen=True, slots=True)
class OnlineFigure:
    """How many bots are connected now, of those that should be.

    Attributes:
        points: how many were in each stretch of the period on average, None where nobody looked.
    """

    online: int
    wanted: int
    points: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of the home page.

    Attributes:
        commands: uses of commands.
        errors: rows of the error log; those of no bot only for whoever sees every bot.
        p95: milliseconds within which 95 of 100 uses ended.
        online: connected bots.
        failed: uses that failed or took too long; fewer than the errors, which are the panel's too.
    """

    commands: Series
    errors: Series
    p95: Series
    online: OnlineFigure
    failed: int = 0


@dataclass(frozen=True, slots=True)
class BotFigures:
    """Figures of one bot over a period.

    Attributes:
        commands: uses of its commands.
        errors: its rows of the error log.
        p95_ms: milliseconds within which 95 of 100 uses ended, None without any.
        last_event_at: when it last used a command or heard from the platform, None if never.
        points: uses of commands in each stretch, the oldest first.
    """

    commands: int
    errors: int
    p95_ms: float | None
    last_event_at: datetime | None
    points: tuple[float, ...]


class ActionKind(StrEnum):
    """Where the button of a line leads. Pages make addresses of it."""

    OPEN_BOT = "open_bot"
    REPLACE_TOKEN = "replace_token"  # noqa: S105 - a place to go to, not a secret
    START_BOT = "start_bot"
    OPEN_ERRORS = "open_errors"
    OPEN_RUNS = "open_runs"
    OPEN_JOB = "open_job"
    OPEN_SYSTEM = "open_system"
    OPEN_PLAN = "open_plan"
    OPEN_CHANNEL = "open_channel"


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that people should look at.

    Attributes:
        tone: how bad it is.
        word: the state in one word.
        bot_id: the bot it is about, None for the site.
        bot_name: its name, or what else it is about.
        sentence: what is the matter and why.
        since: since when, as far as known.
        action_label: the words on the button.
        action_kind: where it leads.
        subject: what the action is about beside the bot: a command's name, a job's id.
    """

    tone: Tone
    word: str
    bot_id: UUID | None
    bot_name: str
    sentence: str
    since: datetime | None
    action_label: str
    action_kind: ActionKind
    subject: str = ""


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """How the whole fleet is at one moment.

    Attributes:
        runners: those that live, the oldest first.
        capacity: shards that they take together at most.
        bots: how many bots are in each state, by the panel's word for it; each word is there.
        wanted: bots that should run.
        units_wanted: shards that should run; a bot in one part is one.
        units_owned: shards that a living runner holds.
        starts_today: session starts of all bots in the last 24 hours.
        invalid_answers: answers 401, 403 and 429 of the last ten minutes, by the address that got them.
        invalid_limit: of one address, at which its calls pause.
        open_alerts: alerts that people were told of and that are not over, by kind; each kind is there.
        unsent: messages of alerts that wait.
        unsent_long: those of them that wait for minutes.
        jobs_waiting: jobs that nobody took up for a minute.
        tells_somebody: whether any alert channel is switched on.
    """

    runners: tuple[RunnerView, ...]
    capacity: int
    bots: Mapping[str, int]
    wanted: int
    units_wanted: int
    units_owned: int
    starts_today: int
    invalid_answers: Mapping[str, int]
    invalid_limit: int
    open_alerts: Mapping[AlertKind, int]
    unsent: int
    unsent_long: int
    jobs_waiting: int
    tells_somebody: bool

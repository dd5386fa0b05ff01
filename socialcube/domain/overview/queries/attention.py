"""What needs people, the worst first."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.alerts import queries as alerts
from socialcube.domain.bots import policy as bot_policy
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotView, Tone
from socialcube.domain.commands import queries as commands
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.types import NO_BOT, Grain
from socialcube.domain.overview.policy import (
    HOUR,
    LAG_SECONDS,
    MIN_ERRORS,
    SEVERITY,
    SLOW_MS,
    WAITING_SECONDS,
    WEEK_HOURS,
    action_for,
    floor_of,
    is_slow,
    is_unusual,
    needs_people,
    since_when,
)
from socialcube.domain.overview.queries.online import LEASE_SECONDS, living_runners
from socialcube.domain.overview.types import ActionKind, Attention

_DAY: Final = timedelta(days=1)
_SITE: Final = "Site"

NO_BOTS: Final = Scope(is_all=False)


def list_attention(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    scope: Scope,
    now: datetime,
    *,
    tellers: Scope = NO_BOTS,
    asked_by: str = "",
    limit: int = 5,
    lease_seconds: float = LEASE_SECONDS,
) -> list[Attention]:
    """List what needs people, the worst first, at most so many.

    Bots that failed, were stopped on purpose, are unstable or stay without a connection; more errors than
    usual (see `policy.is_unusual`); commands that take too long, or that are not at the platform as they
    are published; alert channels at which nothing arrives; jobs that nobody takes up or that failed for
    whoever asks; figures that are behind, for whoever sees every bot.

    Args:
        session: any open session.
        scope: the bots that whoever asks may see.
        now: the present.
        tellers: the bots whose alert channels whoever asks may change.
        asked_by: whoever asks, as `str(actor)`; their own failed jobs are listed.
        limit: lines at most.
        lease_seconds: how long a runner that was not seen still counts as living.
    """
    fleet = bots.list_bots(session, scope=scope)
    names = {bot.id: bot.name for bot in fleet}
    living = living_runners(session, lease_seconds)
    found = chain(
        _states(fleet, living, now),
        _errors(session, scope, names, now),
        _slow_commands(session, scope, names, now),
        _drift(session, scope, names),
        _channels(session, tellers, names),
        _waiting_jobs(session, scope, names),
        _failed_jobs(session, names, asked_by),
        _lag(session, scope, now),
    )
    return sorted(found, key=lambda line: (SEVERITY.index(line.tone), line.bot_name))[:limit]


def _states(fleet: list[BotView], living: set[UUID], now: datetime) -> Iterator[Attention]:
    for bot in fleet:
        words = bot_policy.describe_bot(bot, living=living, now=now)
        if needs_people(words, bot, now):
            since = since_when(words, bot)
            yield Attention(words.tone, words.word, bot.id, bot.name, words.sentence, since, *action_for(bot))


def _about(count: float) -> str:
    return f"about {count:,.0f}" if round(count) else "hardly any"


def _errors(session: Session, scope: Scope, names: Mapping[UUID, str], now: datetime) -> Iterator[Attention]:
    lately = logs.count_bot_errors(session, scope, Grain.MINUTE, now - HOUR, now)
    many = {bot_id: errors for bot_id, errors in lately.items() if errors >= MIN_ERRORS}
    if not many:
        return
    end = floor_of(Grain.HOUR, now - HOUR)
    those = Scope(is_all=False, bot_ids=frozenset(many))
    week = logs.count_bot_errors(session, those, Grain.HOUR, end - WEEK_HOURS * HOUR, end)
    for bot_id, errors in many.items():
        usual = week.get(bot_id, 0)
        name = _SITE if bot_id == NO_BOT else names.get(bot_id)
        if name is not None and is_unusual(errors, usual):
            sentence = f"{errors:,} errors in the last hour; usually there are {_about(usual / WEEK_HOURS)}."
            key = None if bot_id == NO_BOT else bot_id
            yield Attention(
                Tone.BAD, "Errors", key, name, sentence, now - HOUR, "See errors", ActionKind.OPEN_ERRORS
            )


def _slow_commands(
    session: Session, scope: Scope, names: Mapping[UUID, str], now: datetime
) -> Iterator[Attention]:
    start = floor_of(Grain.HOUR, now) - _DAY
    late = logs.list_late_commands(session, scope, start, now, beyond_ms=SLOW_MS)
    if not late:
        return
    those = Scope(is_all=False, bot_ids=frozenset(bot_id for bot_id, _ in late))
    figures = logs.list_command_figures(session, those, start, now, names={name for _, name in late})
    for (bot_id, command), counted in figures.items():
        if bot_id in names and is_slow(counted):
            seconds = (counted.p95_ms or 0) / 1000
            sentence = f"/{command} takes {seconds:.1f} s for one person in twenty; Discord waits 3 s."
            line = (names[bot_id], sentence, None, "See its runs", ActionKind.OPEN_RUNS, command)
            yield Attention(Tone.WARN, "Slow", bot_id, *line)


def _drift(session: Session, scope: Scope, names: Mapping[UUID, str]) -> Iterator[Attention]:
    for bot_id, (differs, seen_at) in commands.count_drift(session, scope).items():
        if bot_id in names:
            many = "A command differs" if differs == 1 else f"{differs:,} commands differ"
            sentence = f"{many} at Discord from what is published here."
            action = ("Review changes", ActionKind.OPEN_PLAN)
            yield Attention(Tone.WARN, "Differs", bot_id, names[bot_id], sentence, seen_at, *action)


def _channels(session: Session, scope: Scope, names: Mapping[UUID, str]) -> Iterator[Attention]:
    for channel in alerts.list_broken_channels(session, scope):
        name = names.get(channel.bot_id, channel.name) if channel.bot_id else channel.name
        state = "is on, but nothing arrives" if channel.is_on else "is off, since nothing arrived"
        sentence = f"The channel “{channel.name}” {state}. {channel.problem}"
        action = ("See the channel", ActionKind.OPEN_CHANNEL, str(channel.id))
        yield Attention(Tone.WARN, "Not told", channel.bot_id, name, sentence, None, *action)


def _waiting_jobs(session: Session, scope: Scope, names: Mapping[UUID, str]) -> Iterator[Attention]:
    """One line for all of them: they wait for the same reason."""
    waiting = [
        job
        for job in jobs.list_waiting(session, older_than=WAITING_SECONDS)
        if scope.is_all or (job.bot_id is not None and scope.allows(job.bot_id))
    ]
    if not waiting:
        return
    oldest = waiting[0]
    many = "A job waits" if len(waiting) == 1 else f"{len(waiting):,} jobs wait"
    sentence = f"{many} and nobody takes them up. Is a worker running?"
    action = ("Open system", ActionKind.OPEN_SYSTEM, str(oldest.id))
    yield Attention(
        Tone.WARN, "Waiting", oldest.bot_id, _name_of(oldest, names), sentence, oldest.created_at, *action
    )


def _failed_jobs(session: Session, names: Mapping[UUID, str], asked_by: str) -> Iterator[Attention]:
    if not asked_by:
        return
    for job in jobs.list_failed_of(session, asked_by, within=_DAY.total_seconds()):
        action = ("See the job", ActionKind.OPEN_JOB, str(job.id))
        if job.kind == JobKind.TEST_ALERT:
            action = ("See the channel", ActionKind.OPEN_CHANNEL, str(job.payload["channel_id"]))
        name = _name_of(job, names)
        yield Attention(Tone.WARN, "Failed job", job.bot_id, name, job.problem, job.finished_at, *action)


def _lag(session: Session, scope: Scope, now: datetime) -> Iterator[Attention]:
    if not scope.is_all:
        return
    for lag in logs.list_fold_lags(session):
        if lag.rows and (now - lag.since).total_seconds() > LAG_SECONDS:
            sentence = f"{lag.rows:,} rows of the {lag.stream} log are not counted yet. Is a worker running?"
            action = ("Open system", ActionKind.OPEN_SYSTEM)
            yield Attention(Tone.WARN, "Behind", None, "Figures", sentence, lag.since, *action)
            return


def _name_of(job: JobView, names: Mapping[UUID, str]) -> str:
    return names.get(job.bot_id, job.kind) if job.bot_id else job.kind

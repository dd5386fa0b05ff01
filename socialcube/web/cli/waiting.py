"""Waits for what another process does, and says each step."""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from socialcube.domain.bots import policy
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import GatewayState, ProcessState, StateWords
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobState, JobView
from socialcube.domain.placements import queries as placements
from socialcube.web.context import services, settings

ONLINE_SECONDS: Final = 60.0
NO_RUNNER: Final = "The bot's runner did not answer. Is the bot online? See: flask --app wsgi bots list"
_WHOLE: Final = 100
_POLL_SECONDS: Final = 0.3
_NO_RUNNER_ALIVE: Final = "no bot runner is alive; start one with: python bot_runner.py"


def wait_until_online(bot_id: UUID, *, seconds: float = ONLINE_SECONDS) -> None:
    """Wait until a bot is online, printing each new state.

    Raises:
        ClickException: it was stopped on purpose, or the time is over; says why.
    """
    said: StateWords | None = None
    for session in _looks(seconds):
        bot = bots.get_bot(session, bot_id)
        words = policy.describe(bot.desired_state, bot.state)
        if words != said:
            click.echo(f"{words.word}. {words.sentence}".rstrip(". ") + ".")
            said = words
        if bot.state.process is ProcessState.RUNNING and bot.state.gateway is GatewayState.CONNECTED:
            return
        if bot.state.is_held:
            raise click.ClickException(f"{bot.name} did not start. {words.sentence} {words.remedy}".rstrip())
    raise click.ClickException(f"It is not online after {seconds:.0f} seconds: {_find_reason(said)}.")


def wait_for_job(
    job_id: UUID, *, seconds: float, nobody: str, on_progress: Callable[[int], None] | None = None
) -> JobView:
    """Wait for the answer to a job.

    Args:
        job_id: the job.
        seconds: how long.
        nobody: what to say when no process takes it up.
        on_progress: told each new percentage on the way.

    Raises:
        ClickException: it failed, or the time is over.
    """
    said = 0
    for session in _looks(seconds):
        job = jobs.get_job(session, job_id)
        if on_progress is not None and said < job.progress < _WHOLE:
            on_progress(said := job.progress)
        if job.state is JobState.DONE:
            return job
        if job.state.is_end:
            raise click.ClickException(job.problem or "It was withdrawn.")
    raise click.ClickException(nobody)


def _looks(seconds: float) -> Iterator[Session]:
    """Give a fresh session now and then until the time is over. Each sees what was committed since."""
    shared = services().shared
    deadline = shared.clock.monotonic() + seconds
    while shared.clock.monotonic() < deadline:
        with shared.reads() as session:
            yield session
        sleep(_POLL_SECONDS)


def _find_reason(said: StateWords | None) -> str:
    with services().shared.reads() as session:
        if not placements.list_living_runners(session, within=settings().fleet.lease_seconds):
            return _NO_RUNNER_ALIVE
    return said.sentence.rstrip(".") if said and said.sentence else "the bot runner is still busy with it"

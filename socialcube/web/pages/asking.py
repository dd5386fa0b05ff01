"""Questions that only a bot's runner can answer, since the web holds no token."""

from typing import Final
from uuid import UUID

from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.web import identity
from socialcube.web.auth import limits
from socialcube.web.context import services

QUESTION_SECONDS: Final = 30.0
"""How long a person waits for a runner's answer before the page says that nobody answers."""


def ask_runner(bot_id: UUID, kind: JobKind) -> UUID:
    """Ask in the name of the person, and give the job that the answer will stand in.

    Raises:
        TooManyTriesError: the person asks all the time.
    """
    limits.politely(limits.QUESTIONS)
    with services().unit_of_work() as uow:
        job_id = jobs.ask(
            uow,
            identity.actor(),
            kind,
            {},
            target=fleet_target(bot_id),
            bot_id=bot_id,
            ttl_seconds=QUESTION_SECONDS,
        )
        uow.commit()
    return job_id

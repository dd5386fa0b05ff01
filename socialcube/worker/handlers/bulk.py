"""Starts, stops or restarts many bots, a few at a time, in the name of whoever asked."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts.queries import load_actor
from socialcube.domain.bots.service import change_bots
from socialcube.domain.bots.types import MAX_AT_ONCE, BulkAction, BulkOutcome
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.kernel.errors import InvalidInputError

MAX_BOTS: Final = 500
"""Bots of one job: with its pauses it stays below the time that a task has."""

_PAUSE_SECONDS: Final = 2.0
_WHOLE: Final = 100


class BulkPayload(BaseModel):
    """What is asked."""

    model_config = ConfigDict(extra="forbid")

    action: BulkAction
    bot_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_BOTS)]


def change_many(
    services: WorkerServices, job: JobView, *, sleep: Callable[[float], object] = time.sleep
) -> dict[str, object]:
    """Change the bots step by step. Gives which were changed, and why the others were not.

    Between two steps there is a pause, so that a restart of all bots never has all of them offline. What
    the asker may do is looked up now: a right that was taken away since the question counts for nothing.

    Raises:
        InvalidInputError: the question itself has a wrong shape.
    """
    try:
        asked = BulkPayload.model_validate(dict(job.payload))
    except ValidationError as error:
        raise InvalidInputError(reason=f"{error.error_count()} fields of the question are wrong") from error
    done: list[UUID] = []
    refused: dict[UUID, str] = {}
    for number, step in enumerate(_steps(asked.bot_ids)):
        if number and asked.action is not BulkAction.STOP:
            sleep(_PAUSE_SECONDS)
        with services.shared.unit_of_work() as uow:
            outcome = change_bots(uow, _find_asker(uow.session, job.asked_by), step, asked.action)
            done += outcome.done
            refused |= outcome.refused
            percent = (len(done) + len(refused)) * _WHOLE // len(asked.bot_ids)
            holds = jobs.report_progress(uow, job.id, job.claimed_by or "", percent)
            uow.commit()
        if not holds:
            break
    return BulkOutcome(tuple(done), refused).to_json()


def _steps(bot_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    unique = list(dict.fromkeys(bot_ids))
    for start in range(0, len(unique), MAX_AT_ONCE):
        yield unique[start : start + MAX_AT_ONCE]


def _find_asker(session: Session, asked_by: str) -> Actor:
    """Give the actor again whose name a job carries. Whoever is not known any more may do nothing."""
    kind, _, name = asked_by.partition(":")
    if kind == "cli":
        return Actor.cli(name)
    try:
        return load_actor(session, UUID(name)) if kind == "user" else Actor(kind, name)
    except ValueError:
        return Actor(kind, name)

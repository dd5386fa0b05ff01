"""Starts, stops or restarts many bots, a few at a time, in the name of whoever asked."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.accounts.queries import load_asker
from socialcube.domain.bots.policy import BULK_PAUSE_SECONDS
from socialcube.domain.bots.service import change_bots
from socialcube.domain.bots.types import MAX_AT_ONCE, BulkAction, BulkOutcome
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.kernel.errors import InvalidInputError

STEPS_IN_TURN: Final = 100
"""Steps that one task makes, some 500 bots, if they take no longer than this."""

TURN_SECONDS: Final = 60.0
"""After so long the next task goes on: a database that is slow must not cost what is left to do."""

_WHOLE: Final = 100


class BulkPayload(BaseModel):
    """What is asked."""

    model_config = ConfigDict(extra="forbid")

    action: BulkAction
    bot_ids: Annotated[list[UUID], Field(min_length=1)]


def change_many(
    services: WorkerServices,
    job: JobView,
    *,
    sleep: Callable[[float], object] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> dict[str, object] | None:
    """Change the bots step by step. Gives which were changed, and why the others were not.

    When they are more than one task has time for, it puts the job back and gives None: the next task goes on.

    Between two steps there is a pause, so that a restart of all bots never has all of them offline. What
    the asker may do is looked up now: a right that was taken away since the question counts for nothing.
    Each step is noted with the job, so that no bot restarts again because a worker died in between.

    Raises:
        InvalidInputError: the question itself has a wrong shape.
    """
    try:
        asked = BulkPayload.model_validate(dict(job.payload))
    except ValidationError as error:
        raise InvalidInputError(reason=f"{error.error_count()} fields of the question are wrong") from error
    outcome = BulkOutcome.from_json(job.result or {})
    ends_at = monotonic() + TURN_SECONDS
    for number, step in enumerate(_steps(asked.bot_ids, outcome)):
        if number == STEPS_IN_TURN or (number and monotonic() >= ends_at):
            _put_back(services, job)
            return None
        if number and asked.action is not BulkAction.STOP:
            sleep(BULK_PAUSE_SECONDS)
        with services.shared.unit_of_work() as uow:
            asker = load_asker(uow.session, job.asked_by)
            outcome += change_bots(uow, asker, step, asked.action)
            percent = outcome.count * _WHOLE // len(asked.bot_ids)
            # Who lost the job leaves this step to whoever has it; with the commit it is done once for all.
            if not jobs.report_progress(uow, job.id, job.claimed_by or "", percent, so_far=outcome.to_json()):
                break
            uow.commit()
    return outcome.to_json()


def _put_back(services: WorkerServices, job: JobView) -> None:
    with services.shared.unit_of_work() as uow:
        jobs.put_back(uow, job)
        uow.commit()


def _steps(bot_ids: Sequence[UUID], outcome: BulkOutcome) -> Iterator[Sequence[UUID]]:
    """Give what a former worker left, a few at a time."""
    left = [bot_id for bot_id in dict.fromkeys(bot_ids) if bot_id not in outcome]
    for start in range(0, len(left), MAX_AT_ONCE):
        yield left[start : start + MAX_AT_ONCE]

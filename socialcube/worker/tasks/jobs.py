"""Does one job, and sends again what was lost on the way."""

import logging
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded

from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import WORKER, JobView, UnsentJob
from socialcube.domain.logs.types import ErrorSource
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.infra.error_records import record_of
from socialcube.kernel.errors import SocialCubeError
from socialcube.worker.handlers import HANDLERS, Result
from socialcube.worker.runtime import Runtime

RESEND_AFTER_SECONDS: Final = 15.0
"""How long a job may wait before its message counts as lost. A doubled message does no harm."""

_UNEXPECTED: Final = "Something went wrong on our side; the error log says what."
_TOO_LONG: Final = "It took too long and was stopped."

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Resent:
    """What one look at the jobs table did.

    Attributes:
        sent: jobs whose message went out again.
        expired: jobs that nobody answered in time.
    """

    sent: int
    expired: int


def run_job(runtime: Runtime, job_id: UUID) -> None:
    """Do a job unless somebody does it already. Never raises for a fault of the job's own."""
    job = _claim(runtime, job_id)
    if job is None:
        return
    try:
        result = HANDLERS[job.kind].run(runtime.services, job)
    except SocialCubeError as error:
        _fail(runtime, job, f"{error.message} {error.remedy}".rstrip())
    except SoftTimeLimitExceeded:
        _fail(runtime, job, _TOO_LONG)
    except Exception as error:  # noqa: BLE001 - whatever it is, the asker must get an answer
        _record(runtime, job, error)
        _fail(runtime, job, _UNEXPECTED)
    else:
        if result is not None:
            _finish(runtime, job, result)


def resend_jobs(runtime: Runtime) -> Resent:
    """End overdue jobs and send the message of each waiting one again. The table is the truth."""
    shared = runtime.services.shared
    with shared.unit_of_work() as uow:
        expired = service.expire_overdue(uow)
        uow.commit()
    with shared.reads() as session:
        unsent = queries.list_unsent(session, RESEND_AFTER_SECONDS)
    sent = [job.id for job in unsent if _send(runtime, job)]
    if sent:
        with shared.unit_of_work() as uow:
            service.mark_sent(uow, sent)
            uow.commit()
    return Resent(sent=len(sent), expired=expired)


def delete_files(runtime: Runtime) -> int:
    """Delete the files that can no longer be fetched. Gives how many parts went."""
    with runtime.services.shared.unit_of_work() as uow:
        parts = service.delete_old_files(uow)
        uow.commit()
    return parts


def _claim(runtime: Runtime, job_id: UUID) -> JobView | None:
    with runtime.services.shared.unit_of_work() as uow:
        job = queries.find_job(uow.session, job_id)
        if job is None or job.target != WORKER or job.kind not in HANDLERS:
            _log.warning("job %s is not for a worker of this version", job_id)
            return None
        claimed = service.claim(uow, job_id, runtime.claimant, claim_seconds=HANDLERS[job.kind].claim_seconds)
        uow.commit()
    return claimed


def _finish(runtime: Runtime, job: JobView, result: Result) -> None:
    with runtime.services.shared.unit_of_work() as uow:
        service.finish(uow, job.id, runtime.claimant, result)
        uow.commit()


def _fail(runtime: Runtime, job: JobView, problem: str) -> None:
    with runtime.services.shared.unit_of_work() as uow:
        service.fail(uow, job.id, runtime.claimant, problem)
        uow.commit()


def _record(runtime: Runtime, job: JobView, error: Exception) -> None:
    _log.error("job %s (%s) failed: %s", job.id, job.kind, type(error).__name__)
    now = runtime.services.shared.clock.now()
    runtime.services.sink.put(record_of(error, ErrorSource.WORKER, trace_id=str(job.id), now=now))


def _send(runtime: Runtime, job: UnsentJob) -> bool:
    services = runtime.services
    if job.target == WORKER:
        return services.queue.send(job.id, job.kind)
    return services.shared.bus.publish(ControlMessage(Topic.JOBS_ASKED, job.target, str(job.id)))

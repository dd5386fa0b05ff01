"""Who does which kind of job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.worker.handlers.alerts import send_test
from socialcube.worker.handlers.audit import CLAIM_SECONDS as VERIFY_CLAIM_SECONDS
from socialcube.worker.handlers.audit import verify_audit
from socialcube.worker.handlers.bulk import change_many
from socialcube.worker.handlers.dry_run import try_out
from socialcube.worker.handlers.export import CLAIM_SECONDS as EXPORT_CLAIM_SECONDS
from socialcube.worker.handlers.export import export_list
from socialcube.worker.handlers.retention import delete_expired

Result = dict[str, object]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    Attributes:
        run: does it and gives the answer as JSON, or None when it put the job back for another turn. It may
            run twice: a process can die before its answer.
        claim_seconds: how long it may take before another worker takes it over.
    """

    run: Callable[[WorkerServices, JobView], Result | None]
    claim_seconds: float


HANDLERS: Final[Mapping[str, Handler]] = {
    JobKind.DRY_RUN: Handler(try_out, claim_seconds=30.0),
    JobKind.CHANGE_BOTS: Handler(change_many, claim_seconds=60.0),
    JobKind.EXPORT: Handler(export_list, claim_seconds=EXPORT_CLAIM_SECONDS),
    JobKind.VERIFY_AUDIT: Handler(verify_audit, claim_seconds=VERIFY_CLAIM_SECONDS),
    JobKind.TEST_ALERT: Handler(send_test, claim_seconds=60.0),
    JobKind.RETENTION: Handler(delete_expired, claim_seconds=120.0),
}

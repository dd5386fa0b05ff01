"""Walks along the chain of the audit log and says what is wrong with it."""

from typing import Final

from celery.exceptions import SoftTimeLimitExceeded

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.audit import policy
from socialcube.domain.audit import service as audit
from socialcube.domain.audit.errors import LogTooLongError
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.infra.anchor_file import AnchorFile, anchors_path

CLAIM_SECONDS: Final = 60.0
_PROGRESS_SECONDS: Final = 1.0
_WHOLE: Final = 100


def verify_audit(services: WorkerServices, job: JobView) -> dict[str, object]:
    """Check every entry against its signature, its neighbours and the anchors of this machine.

    Raises:
        LogTooLongError: there are more entries than a task may take time for.
    """
    shared = services.shared
    told = shared.clock.monotonic()

    def tell(checked: int, total: int) -> None:
        nonlocal told
        if shared.clock.monotonic() - told < _PROGRESS_SECONDS:
            return
        told = shared.clock.monotonic()
        with shared.unit_of_work() as uow:
            percent = _WHOLE * checked // max(total, 1)
            jobs.report_progress(
                uow, job.id, job.claimed_by or "", min(percent, _WHOLE - 1), claim_seconds=CLAIM_SECONDS
            )
            uow.commit()

    anchors = policy.read_anchors(AnchorFile(anchors_path(shared.settings)).lines())
    try:
        found = audit.verify(shared.reads, shared.audit_keys, anchors=anchors, on_page=tell)
    except SoftTimeLimitExceeded as error:
        raise LogTooLongError from error
    return policy.to_result(found)

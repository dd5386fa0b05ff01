"""Topics `job:<id>`: how a piece of later work goes on, for whoever asked for it or holds the rights."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Subject
from socialcube.domain.jobs import policy
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.web.realtime.feeds import UnknownTopicError, UnseenTopicError
from socialcube.web.realtime.messages import JOB, to_json
from socialcube.web.realtime.sender import Sender
from socialcube.web.realtime.viewers import Viewer

EVERY_SECONDS: Final = 1.0
GAP_SECONDS: Final = 0.1


class JobsFeed:
    """Reads the watched jobs that have not ended, and sends those that went on."""

    def __init__(self, sessions: Callable[[], Session], sender: Sender) -> None:
        self._sessions = sessions
        self._sender = sender
        self._watches: dict[tuple[str, str], UUID] = {}
        self._last: dict[UUID, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Join, as the protocol says. Gives `job` as it is now."""
        del options
        job_id = _job_id(subject)
        with self._lock, self._sessions() as session:
            job = jobs.find_job(session, job_id)
            # Whoever may not see it learns nothing of whether it exists.
            if job is None or not may_see(viewer.actor, job):
                raise UnseenTopicError
            if not job.state.is_end:
                self._watches[viewer.sid, watch] = job_id
                self._last.setdefault(job_id, to_job(job))
            return {"job": to_job(job)}

    def leave(self, sid: str, watch: str) -> None:
        """Leave, as the protocol says."""
        with self._lock:
            self._watches.pop((sid, watch), None)

    def step(self) -> bool:
        """Look at all watched jobs once."""
        with self._lock:
            watched = set(self._watches.values())
            self._last = {job_id: job for job_id, job in self._last.items() if job_id in watched}
            if watched:
                with self._sessions() as session:
                    for job_id in watched:
                        self._look_at(job_id, jobs.find_job(session, job_id))
        return False

    def _look_at(self, job_id: UUID, job: JobView | None) -> None:
        sids = {sid for (sid, _), watched in self._watches.items() if watched == job_id}
        if job is not None and self._last.get(job_id) != to_job(job):
            self._last[job_id] = to_job(job)
            self._sender.send(sids, JOB, to_json(to_job(job)))
        if job is None or job.state.is_end:
            self._watches = {key: watched for key, watched in self._watches.items() if watched != job_id}


def may_see(actor: Actor, job: JobView) -> bool:
    """Tell whether somebody may follow a job: whoever asked for it, or could have, unless it is personal."""
    if job.asked_by == str(actor):
        return True
    if policy.is_personal(job.kind):
        return False
    permission = policy.required_permission(job.kind)
    return can(actor, permission, Subject("job", str(job.id), job.bot_id))


def to_job(job: JobView) -> dict[str, Any]:
    """Give what a page follows of a job, as JSON."""
    return {
        "job_id": str(job.id),
        "state": job.state.value,
        "progress": job.progress,
        "problem": job.problem,
        "result": None if job.result is None else dict(job.result),
    }


def _job_id(subject: str) -> UUID:
    try:
        return UUID(subject)
    except ValueError as error:
        raise UnknownTopicError from error

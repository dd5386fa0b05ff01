"""What is known about the chain: how far it was written down elsewhere, and what the last check found."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from socialcube.domain.access.types import Actor
from socialcube.domain.audit import queries as audit
from socialcube.domain.audit.types import ANCHORED, Point
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.web.context import services

TTL_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Seal:
    """The state of the chain as the list's head shows it.

    Attributes:
        tone: `ok`, `warn`, `bad`, `busy` or `off`.
        word: the state in a word or two.
        sentence: more about it.
        findings: what is wrong, a line each.
        job: the check that runs, or ran last.
        anchored: the newest entry that was written down outside the database.
        behind: how many entries came since.
    """

    tone: str
    word: str
    sentence: str
    findings: tuple[str, ...] = ()
    job: JobView | None = None
    checked_at: datetime | None = None
    anchored: Point | None = None
    behind: int = 0
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def icon(self) -> str:
        """Give the shape that goes with the tone."""
        return {"ok": "check", "bad": "s-failed", "warn": "l-warn", "busy": "s-busy"}.get(self.tone, "clock")

    @property
    def is_open(self) -> bool:
        """Tell whether a check is under way."""
        return self.job is not None and not self.job.state.is_end


def read_seal() -> Seal:
    """Look at the last check and the newest anchor."""
    session = services().session()
    job = jobs.find_latest(session, JobKind.VERIFY_AUDIT)
    anchored = next(iter(audit.find_points(session, ANCHORED)), None)
    head = audit.find_head(session)
    behind = head.last - (anchored.last if anchored else 0) if head else 0
    tone, word, sentence, findings = _verdict(job)
    is_done = job is not None and job.state is JobState.DONE
    return Seal(
        tone,
        word,
        sentence,
        findings,
        job=job,
        checked_at=job.finished_at if job and is_done else None,
        anchored=anchored,
        behind=behind,
        result=dict(job.result or {}) if job and is_done else {},
    )


def ask_check(actor: Actor) -> None:
    """Ask for a check, unless one is under way already.

    Raises:
        ForbiddenError: the actor is no site admin.
    """
    with services().unit_of_work() as uow:
        last = jobs.find_latest(uow.session, JobKind.VERIFY_AUDIT)
        if last is not None and not last.state.is_end and last.expires_at > uow.clock.now():
            return
        service.ask(uow, actor, JobKind.VERIFY_AUDIT, {}, ttl_seconds=TTL_SECONDS)
        uow.commit()


def _verdict(job: JobView | None) -> tuple[str, str, str, tuple[str, ...]]:
    if job is None:
        return "off", "Not checked yet", "Check that no entry was altered, removed or added.", ()
    if not job.state.is_end:
        return "busy", "Checking", "Every entry is compared with its signature and its neighbours.", ()
    if job.state is not JobState.DONE or job.result is None:
        return "warn", "Not checked", job.problem or "The last check did not finish. Start it again.", ()
    result: dict[str, Any] = dict(job.result)
    findings = tuple(map(str, result.get("findings", ())))
    if result.get("is_sound"):
        return "ok", "Unchanged", _count(int(result.get("checked", 0))), ()
    if result.get("is_tampered"):
        return "bad", "Changed", "Something was done to the log after it was written.", findings
    return "warn", "Not all checked", "The key that signed some entries is not here.", findings


def _count(checked: int) -> str:
    if not checked:
        return "There was nothing to check yet."
    return (
        "The one entry is as it was written."
        if checked == 1
        else f"All {checked:,} entries are as they were written."
    )

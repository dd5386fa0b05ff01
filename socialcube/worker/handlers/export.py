"""Writes a list into the file of its job, a part at a time."""

from typing import Final

from sqlalchemy.orm import Session

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.access.types import Scope
from socialcube.domain.accounts.queries import load_asker
from socialcube.domain.exports.documents import ExportRequest, read_request
from socialcube.domain.exports.errors import ExportLostError, ExportTooLargeError
from socialcube.domain.exports.policy import MARK, covers, file_name, scope_of, scope_to, to_line
from socialcube.domain.exports.types import MAX_FILE_BYTES, PERMISSIONS
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.kernel.errors import ForbiddenError
from socialcube.worker.exports.sources import open_rows

CLAIM_SECONDS: Final = 120.0
"""Longer than it takes to look through a whole log in which next to nothing matches."""

PART_BYTES: Final = 256 * 1024

LOOK_SECONDS: Final = 1.0
"""How often the asker's rights are looked at again, while rows that fit are rare and no part gets full."""

_MEGABYTE: Final = 1024 * 1024


def export_list(services: WorkerServices, job: JobView) -> dict[str, object]:
    """Write the file. Gives its name, how many rows and bytes it has, and whose rows they may be.

    Raises:
        ExportInvalidError, ExportTooLargeError, ExportLostError, ForbiddenError: as they say.
    """
    request = read_request(dict(job.payload))
    with services.shared.reads() as session:
        scope = scope_of(load_asker(session, job.asked_by), request.source)
    file = _File(services, job, request, scope)
    file.begin()
    rows = open_rows(services.shared.reads, request, scope)
    for page in rows.pages:
        file.add("".join(map(to_line, page)), len(page))
        file.flush(percent=min(99, 100 * file.rows // max(rows.total, 1)))
        file.look_again()
    file.flush(percent=99, is_last=True)
    name = file_name(request.source, services.shared.clock.now())
    return {"name": name, "rows": file.rows, "bytes": file.size, "scope": scope_to(scope)}


class _File:
    """The file of a job, as long as this worker holds the claim and the asker may have it.

    Each part is written in one transaction with a look at both. What a former worker wrote is thrown away
    first, so that no row stands in a file twice.
    """

    def __init__(self, services: WorkerServices, job: JobView, request: ExportRequest, scope: Scope) -> None:
        self.rows = 0
        self.size = 0
        self._services = services
        self._job = job
        self._request = request
        self._scope = scope
        self._claimant = job.claimed_by or ""
        self._waiting = bytearray()
        self._parts = 0
        self._looked_at = services.shared.clock.monotonic()

    def begin(self) -> None:
        """Throw away what is there, and write the head."""
        with self._services.shared.unit_of_work() as uow:
            if not jobs.begin_file(uow, self._job.id, self._claimant, claim_seconds=CLAIM_SECONDS):
                raise ExportLostError
            uow.commit()
        mark = MARK if self._request.with_mark else ""
        self.add(mark + to_line(self._request.names), 0)

    def add(self, text: str, rows: int) -> None:
        """Take lines in."""
        data = text.encode("utf-8", "replace")
        if self.size + len(data) > MAX_FILE_BYTES:
            raise ExportTooLargeError(megabytes=MAX_FILE_BYTES // _MEGABYTE, rows=f"{self.rows:,}")
        self._waiting += data
        self.size += len(data)
        self.rows += rows

    def flush(self, *, percent: int, is_last: bool = False) -> None:
        """Write the next part if there is enough for one, or if nothing follows."""
        if not self._waiting or (len(self._waiting) < PART_BYTES and not is_last):
            return
        with self._services.shared.unit_of_work() as uow:
            self._require_rights(uow.session)
            is_held = jobs.add_file_part(
                uow,
                self._job.id,
                self._claimant,
                number=self._parts,
                data=bytes(self._waiting),
                percent=percent,
                claim_seconds=CLAIM_SECONDS,
            )
            if not is_held:
                raise ExportLostError
            uow.commit()
        self._parts += 1
        self._waiting.clear()

    def look_again(self) -> None:
        """Stop if the asker may not have the file any more; a second later nobody goes on for them."""
        if self._services.shared.clock.monotonic() - self._looked_at >= LOOK_SECONDS:
            with self._services.shared.reads() as session:
                self._require_rights(session)

    def _require_rights(self, session: Session) -> None:
        asker = load_asker(session, self._job.asked_by)
        if not covers(scope_of(asker, self._request.source), self._scope):
            raise ForbiddenError(permission=PERMISSIONS[self._request.source].value)
        self._looked_at = self._services.shared.clock.monotonic()

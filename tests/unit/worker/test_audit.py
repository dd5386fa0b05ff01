import os
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import text

from socialcube.domain.access.types import Actor, Scope
from socialcube.domain.audit import queries, service
from socialcube.domain.audit.documents import AuditFilter
from socialcube.domain.audit.errors import LogTooLongError
from socialcube.domain.exports.documents import read_request
from socialcube.domain.exports.types import COLUMNS, Source
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.worker.exports import entries
from socialcube.worker.exports.entries import list_entries
from socialcube.worker.exports.sources import open_rows
from socialcube.worker.handlers.audit import verify_audit
from socialcube.worker.tasks import audit
from tests.unit.worker.conftest import Worker

ADMIN = Actor.cli("root")


def record(worker: Worker, action: str = "site.edit") -> None:
    with worker.runtime.services.shared.unit_of_work() as uow:
        service.record(uow, ADMIN, action, subject_kind="site", subject_id="colour")
        uow.commit()


def asked(worker: Worker) -> JobView:
    with worker.unit() as uow:
        job_id = jobs.ask(uow, ADMIN, JobKind.VERIFY_AUDIT, {})
        uow.commit()
        job = jobs.claim(uow, job_id, "worker:tests")
        uow.commit()
    assert job is not None
    return job


def anchors(worker: Worker) -> Path:
    return worker.runtime.settings.var_dir / "anchors"


def test_nothing_is_anchored_before_anything_was_recorded(worker: Worker) -> None:
    assert audit.anchor_audit(worker.runtime) == ""
    assert not anchors(worker).exists()


def test_the_newest_entry_is_anchored_on_stdout_each_time_and_in_the_file_when_it_is_another(
    worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    record(worker)
    first, again = audit.anchor_audit(worker.runtime), audit.anchor_audit(worker.runtime)
    record(worker)
    second = audit.anchor_audit(worker.runtime)
    assert capsys.readouterr().out.splitlines() == [first, again, second]
    assert anchors(worker).read_text().splitlines() == [first, second]
    assert " number=1 " in first
    assert " number=2 " in second


def test_the_panel_can_tell_when_it_was_anchored(worker: Worker) -> None:
    record(worker)
    audit.anchor_audit(worker.runtime)
    with worker.unit() as uow:
        (point,) = queries.find_points(uow.session, "anchor")
    assert point.last == 1


def test_a_full_disk_does_not_keep_the_anchor_from_stdout(
    worker: Worker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    record(worker)
    monkeypatch.setattr(os, "write", fail)
    line = audit.anchor_audit(worker.runtime)
    monkeypatch.undo()
    assert line in capsys.readouterr().out


def test_a_sound_log_is_reported_so_with_the_anchors_of_this_machine(worker: Worker) -> None:
    record(worker)
    audit.anchor_audit(worker.runtime)
    record(worker)
    result = verify_audit(worker.runtime.services, asked(worker))
    assert (result["is_sound"], result["anchors"], result["findings"]) == (True, 1, [])


def test_what_is_wrong_is_reported_in_words(worker: Worker) -> None:
    for _ in range(3):
        record(worker)
    with worker.unit() as uow:
        uow.session.execute(text("DELETE FROM audit_logs WHERE number = 2"))
        uow.commit()
    result = verify_audit(worker.runtime.services, asked(worker))
    assert (result["is_sound"], result["is_tampered"], result["counts"]) == (False, True, {"missing": 1})
    assert result["findings"] == ["Missing: entry 2. What stood there was deleted, and not for its age."]


def test_a_log_that_takes_too_long_leads_to_the_command_line(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_for_ever(*_: object, **__: object) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr("socialcube.domain.audit.service.verify", last_for_ever)
    with pytest.raises(LogTooLongError) as caught:
        verify_audit(worker.runtime.services, asked(worker))
    assert "flask --app wsgi audit verify" in caught.value.remedy


def test_an_export_says_in_words_what_the_panel_says(worker: Worker) -> None:
    with worker.runtime.services.shared.unit_of_work() as uow:
        service.record(
            uow,
            ADMIN,
            "role.edit",
            subject_kind="role",
            subject_id="r1",
            before={"name": "Fern"},
            after={"name": "Ivy"},
        )
        uow.commit()
    record(worker)
    reads = worker.runtime.services.shared.reads
    (line,) = list_entries(reads, AuditFilter(action="role.edit"))
    assert (line["did"], line["subject_kind"], line["changes"], line["number"]) == (
        "Changed a role",
        "Role",
        "Name: Fern → Ivy",
        1,
    )
    request = read_request({"source": "audit", "filters": {"who": "cli"}})
    rows = open_rows(reads, request, Scope(is_all=True))
    pages = list(rows.pages)
    assert (rows.total, [len(page) for page in pages]) == (2, [2])
    assert len(pages[0][0]) == len(COLUMNS[Source.AUDIT])


def test_an_export_goes_on_over_many_pages(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "_PAGE", 2)
    for number in range(5):
        record(worker, f"site.{number}")
    found = entries.list_entries(worker.runtime.services.shared.reads, AuditFilter())
    assert [line["number"] for line in found] == [5, 4, 3, 2, 1]

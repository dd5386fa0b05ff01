from collections.abc import Callable

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.audit import service
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.site.models import Setting
from tests.fakes.clock import START


def test_the_id_is_taken_as_the_last_thing_before_the_commit(
    unit: Callable[[], UnitOfWork], owner: Actor
) -> None:
    statements: list[str] = []
    with unit() as uow:
        service.record(uow, owner, "site.edit", subject_kind="site", subject_id="the chain begins")
        uow.commit()
    with unit() as uow:
        service.record(uow, owner, "site.edit", subject_kind="site", subject_id="colour")
        uow.session.add(Setting(key="colour", value="green", created_at=START, updated_at=START))
        engine = uow.session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2].split(" (")[0]))
        uow.commit()
    assert [" ".join(statement.split()[:3]) for statement in statements] == [
        "BEGIN IMMEDIATE",
        "INSERT INTO settings",
        "INSERT INTO stream_counters",
        "SELECT audit_points.kind, audit_points.first,",
        "INSERT INTO audit_logs",
        "UPDATE audit_points SET",
    ]


def test_text_is_cut_to_its_column_on_one_line(uow: UnitOfWork, owner: Actor, session: Session) -> None:
    service.record(
        uow, owner, "a" * 100, subject_kind="k" * 100, subject_id="i\r\n" * 100, before={}, after={"a": 1}
    )
    uow.commit()
    row = session.scalars(select(AuditLog)).one()
    assert (len(row.action), len(row.subject_kind)) == (64, 32)
    assert row.subject_id.startswith("i i i ")
    assert (row.before, row.after) == ({}, {"a": 1})

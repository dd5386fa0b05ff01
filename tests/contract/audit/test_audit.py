from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.audit import queries, service
from socialcube.domain.audit.types import AuditEntry
from socialcube.kernel.secrets import MASK, Secret
from tests.factories.access import make_actor
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

ACTOR = make_actor(Permission.BOT_EDIT)
BOT = UUID("01890000-0000-7000-8000-000000000001")


def entries(database: Database) -> list[AuditEntry]:
    with database.reads() as session:
        return queries.list_recent(session)


def change(database: Database, action: str, *, commit: bool = True, **data: object) -> None:
    with database.unit(clock=FakeClock()) as uow:
        service.record(uow, ACTOR, action, subject_kind="bot", subject_id=BOT, bot_id=BOT, after=data)
        if commit:
            uow.commit()


def test_a_change_is_recorded_with_who_what_and_when(database: Database) -> None:
    change(database, "bot.edit", name="Fern")
    (entry,) = entries(database)
    assert (entry.actor, entry.action, entry.subject_kind, entry.subject_id, entry.bot_id) == (
        "user:ann",
        "bot.edit",
        "bot",
        str(BOT),
        BOT,
    )
    assert (entry.before, entry.after, entry.occurred_at) == (None, {"name": "Fern"}, START)


def test_nothing_is_recorded_without_a_commit(database: Database) -> None:
    change(database, "bot.edit", commit=False)
    change(database, "bot.start")
    assert [entry.action for entry in entries(database)] == ["bot.start"]


def test_a_unit_records_all_its_changes_in_order_and_again_after_a_commit(database: Database) -> None:
    with database.unit() as uow:
        for action in ("one", "two"):
            service.record(uow, ACTOR, action, subject_kind="bot", subject_id=BOT)
        uow.commit()
        service.record(uow, ACTOR, "three", subject_kind="bot", subject_id=BOT)
        uow.commit()
    assert [(entry.id, entry.action) for entry in entries(database)] == [(1, "one"), (2, "two"), (3, "three")]


def test_secrets_are_masked_by_name_and_by_look(database: Database) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"
    change(database, "bot.token", token="plain words", note=f"was {token}", sealed=Secret("x"))
    (entry,) = entries(database)
    assert entry.after == {"token": MASK, "note": f"was {MASK}", "sealed": MASK}


def test_asvs_16_3_2_a_denied_access_is_recorded_though_the_asked_unit_ends(database: Database) -> None:
    with database.unit() as asked:
        service.record(asked, ACTOR, "bot.delete", subject_kind="bot", subject_id=BOT)
    service.record_denied(database.unit, ACTOR, Permission.BOT_DELETE, Subject.bot(BOT))
    (entry,) = entries(database)
    assert (entry.action, entry.after, entry.bot_id) == ("access.denied", {"permission": "bot.delete"}, BOT)


def test_asvs_16_5_3_a_failing_change_takes_its_audit_row_with_it(database: Database) -> None:
    def fail() -> None:
        with database.unit() as uow:
            service.record(uow, ACTOR, "bot.edit", subject_kind="bot", subject_id=BOT)
            uow.session.execute(text("INSERT INTO settings (key) VALUES ('half')"))
            uow.commit()

    with pytest.raises(Exception, match=r"(?i)null"):
        fail()
    assert entries(database) == []


def test_lists_page_from_the_newest_and_filter_by_bot(database: Database) -> None:
    for number in range(4):
        change(database, f"change.{number}")
    service.record_denied(database.unit, ACTOR, Permission.SITE_ADMIN, Subject("site", "site"))
    with database.reads() as session:
        newest = queries.list_before(session, limit=2)
        older = queries.list_before(session, newest[-1].id, 2)
        of_bot = queries.list_before(session, bot_id=BOT)
        assert queries.latest_id(session) == 5
    assert [entry.action for entry in newest + older] == ["access.denied", "change.3", "change.2", "change.1"]
    assert len(of_bot) == 4


def test_expired_entries_are_deleted(database: Database) -> None:
    change(database, "old")
    service.delete_expired(database.unit, database.engine, 365, START + timedelta(days=365))
    assert len(entries(database)) == 1
    service.delete_expired(database.unit, database.engine, 365, START + timedelta(days=366))
    assert entries(database) == []

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import queries, service
from socialcube.domain.site.models import Setting
from tests.fakes.clock import START
from tests.support.audit import ACTOR, BOT, change, look, unit
from tests.support.databases import Database

HOSTILE = {
    "line feed": "one\r\ntwo\nthree",
    "terminal": "\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b31m",
    "separator": "one\u2028two\u2029three\x85four",
    "direction": "\u202egnp.exe\u2066",
    "unstorable": "nul\x00 half\ud83d end",
    "megabyte": "A" * 1_000_000,
    "formula": "=cmd|' /C calc'!A0",
}
FIELDS = ("actor", "action", "subject_kind", "subject_id", "request_id", "address", "key", "value", "inner")
LIMITS = {"actor": 80, "action": 64, "subject_kind": 32, "subject_id": 64, "request_id": 64, "address": 64}


def record(database: Database, field: str, value: str) -> None:
    actor = Actor("user", value) if field == "actor" else ACTOR
    if field == "request_id":
        actor = replace(actor, request_id=value)
    if field == "address":
        actor = replace(actor, address=value)
    data: dict[str, Any] = {"key": {value: 1}, "value": {"note": value}, "inner": {"list": [{"deep": value}]}}
    with unit(database) as uow:
        service.record(
            uow,
            actor,
            value if field == "action" else "bot.edit",
            subject_kind=value if field == "subject_kind" else "bot",
            subject_id=value if field == "subject_id" else BOT,
            before=data.get(field),
            after={"device": value, **data.get(field, {})},
        )
        uow.commit()


@pytest.mark.parametrize("field", FIELDS)
def test_asvs_16_4_1_no_value_fakes_a_line_drives_a_terminal_or_floods_the_log(
    database: Database, field: str
) -> None:
    for value in HOSTILE.values():
        record(database, field, value)
    with database.reads() as session:
        rows = queries.list_recent(session)
    assert len(rows) == len(HOSTILE)
    for row in rows:
        for name, limit in LIMITS.items():
            said = str(getattr(row, name))
            assert said.isprintable(), (name, said[:60])
            assert len(said) <= limit
        stored = str([*_texts(row.before), *_texts(row.after)])
        assert not {"\x1b", "\x9b", "\x00", "\u2028", "\u2029", "\u202e", "\r"} & set(
            _joined(row.before, row.after)
        )
        assert len(stored) < 10_000
    assert look(database).is_sound


@pytest.mark.parametrize("breaking", ["audit_points", "audit_logs"])
def test_asvs_16_5_3_a_change_that_cannot_be_recorded_is_not_made(database: Database, breaking: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {breaking} RENAME TO gone"))
    with unit(database) as uow:
        uow.session.add(Setting(key="colour", value="green", created_at=START, updated_at=START))
        service.record(uow, ACTOR, "site.edit", subject_kind="site", subject_id="colour")
        with pytest.raises(DBAPIError):
            uow.commit()
    with database.reads() as session:
        assert session.get(Setting, "colour") is None


def test_asvs_16_5_3_a_refusal_that_cannot_be_recorded_stays_a_refusal(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_logs RENAME TO gone"))
    with pytest.raises(DBAPIError):
        service.record_denied(lambda: unit(database), ACTOR, Permission.BOT_DELETE, Subject.bot(BOT))


def test_asvs_16_4_2_reading_the_log_changes_nothing(database: Database) -> None:
    record(database, "value", "words")
    with database.reads() as session:
        before = session.execute(text("SELECT * FROM audit_points ORDER BY kind")).all()
    look(database)
    with database.reads() as session:
        assert session.execute(text("SELECT * FROM audit_points ORDER BY kind")).all() == before
    change(database, "UPDATE audit_logs SET actor = 'user:eve'")
    assert look(database).is_tampered
    assert look(database).is_tampered


def _joined(*sides: object) -> str:
    return "".join(part for side in sides for part in _texts(side))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [part for key, item in value.items() for part in (*_texts(key), *_texts(item))]
    if isinstance(value, list):
        return [part for item in value for part in _texts(item)]
    return [str(value)]

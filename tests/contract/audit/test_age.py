"""Retention never takes away the traces of what somebody did to the table."""

import logging
from datetime import datetime, timedelta

import pytest

from socialcube.domain.audit import service
from socialcube.domain.audit.types import Anchor, FindingKind
from tests.fakes.clock import START
from tests.support.audit import anchor, change, found, look, unit, write
from tests.support.databases import Database

DAY = timedelta(days=1)
LONG_AGO = "2020-01-01 00:00:00+00:00"


def age(database: Database, now: datetime, days: int = 365) -> None:
    service.delete_expired(lambda: unit(database), database.engine, days, now)


def moment(database: Database, text: str) -> str:
    return text.removesuffix("+00:00") + ".000000" if database.kind == "sqlite" else text


def test_asvs_16_4_2_an_entry_whose_moment_was_set_back_does_not_expire(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    write(database, 5)
    newest = anchor(database)
    write(database, 2)
    change(
        database,
        "UPDATE audit_logs SET occurred_at = :at WHERE number IN (3, 5)",
        at=moment(database, LONG_AGO),
    )
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            age(database, START)
    said = look(database, [newest])
    assert (said.checked, said.expired) == (7, 0)
    assert found(said) == {FindingKind.ALTERED: [(3, 3), (5, 5)]}
    assert "2020-01-01" in caplog.text


def test_asvs_16_4_2_a_day_with_an_altered_entry_stays_whole(database: Database) -> None:
    for day in range(3):
        write(database, 2, now=START + day * DAY)
    change(database, "UPDATE audit_logs SET actor = 'user:eve' WHERE number = 4")
    age(database, START + 10 * DAY, days=1)
    said = look(database)
    assert (said.checked, said.expired) == (2, 4)
    assert found(said) == {FindingKind.ALTERED: [(4, 4)]}


def test_asvs_16_4_2_a_false_note_of_what_expired_is_not_signed_anew(database: Database) -> None:
    write(database, 2)
    write(database, 3, now=START + 5 * DAY)
    change(database, "DELETE FROM audit_logs WHERE number = 4")
    change(
        database,
        "INSERT INTO audit_points (kind, first, last, row_id, digest, key_id, seal, made_at) "
        "SELECT 'gap', 4, 4, 4, previous, key_id, previous, occurred_at FROM audit_logs WHERE number = 5",
    )
    age(database, START + 5 * DAY, days=1)
    said = look(database)
    assert said.checked == 4
    assert found(said) == {FindingKind.ALTERED: [(4, 4)]}


def test_an_anchor_of_what_expired_later_is_not_compared(database: Database) -> None:
    for hours in (0, 60, 1, 2):
        write(database, 1, now=START.replace(hour=0) + timedelta(hours=hours))
    newest = anchor(database)
    inside = Anchor(newest.chain, 3, bytes(32))
    age(database, START + 2 * DAY, days=1)
    said = look(database, [inside])
    assert (said.is_sound, said.expired, said.anchors) == (True, 3, 0)
    said = look(database, [newest])
    assert (said.is_sound, said.anchors) == (True, 1)
    assert look(database, [Anchor(newest.chain, 4, bytes(32))]).is_tampered

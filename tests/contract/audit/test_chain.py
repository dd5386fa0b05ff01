from datetime import timedelta
from threading import Thread

import pytest

from socialcube.domain.access.types import Actor
from socialcube.domain.audit import queries, service
from socialcube.domain.audit.types import Anchor, FindingKind
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import UNSIGNED, SigningKeys
from tests.fakes.clock import START
from tests.support.audit import ACTOR, ANN, BOT, KEYS, anchor, change, found, look, unit, write
from tests.support.databases import Database

SYSTEM = Actor.system("test")


def test_a_chain_that_nobody_touched_is_sound(database: Database) -> None:
    write(database, 3)
    said = look(database, [anchor(database)])
    assert (said.is_sound, said.checked, said.first, said.last, said.anchors) == (True, 3, 1, 3, 1)


def test_nothing_at_all_is_sound_and_says_that_no_chain_began(database: Database) -> None:
    said = look(database)
    assert (said.is_sound, said.chain, said.last) == (True, "", 0)


def test_rows_from_before_the_chain_are_told_from_those_in_it(database: Database) -> None:
    write(database, 2)
    change(database, "DELETE FROM audit_points")
    change(database, "UPDATE audit_logs SET number = NULL, previous = NULL, digest = NULL, key_id = NULL")
    write(database, 2)
    said = look(database)
    assert (said.is_sound, said.older, said.first, said.last) == (True, 2, 1, 2)


def test_numbers_have_no_gap_where_a_rollback_leaves_one_in_the_ids(database: Database) -> None:
    write(database)
    with unit(database) as uow:
        service.record(uow, ACTOR, "bot.edit", subject_kind="bot", subject_id=BOT)
        uow.before_commit("late", lambda: (_ for _ in ()).throw(RuntimeError("the change failed")))
        with pytest.raises(RuntimeError):
            uow.commit()
    write(database)
    with database.reads() as session:
        assert [entry.number for entry in queries.list_recent(session)] == [1, 2]
    assert look(database).is_sound


def test_writers_at_once_leave_no_gap_and_a_sound_chain(database: Database) -> None:
    threads = [Thread(target=write, args=(database, 15)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = look(database)
    assert (said.is_sound, said.checked, said.last) == (True, 60, 60)


@pytest.mark.parametrize(
    "wrong",
    [
        "actor = 'user:eve'",
        "action = 'bot.start'",
        "subject_id = 'x'",
        "subject_kind = 'role'",
        "bot_id = NULL",
        "before = NULL",
        'after = \'{"name": "Eve"}\'',
        "request_id = 'req-2'",
        "event_id = '01890000000070008000000000000099'",
        "person_id = NULL",
        "digest = previous",
        "previous = digest",
        "id = id + 1000",
    ],
)
def test_asvs_16_4_2_an_altered_field_is_told(database: Database, wrong: str) -> None:
    write(database, 3)
    change(database, f"UPDATE audit_logs SET {wrong} WHERE number = 3")  # noqa: S608 - written above
    said = look(database)
    assert (FindingKind.ALTERED, [(3, 3)]) in found(said).items()
    assert said.is_tampered


def test_asvs_16_4_2_a_moved_moment_is_told(database: Database) -> None:
    write(database, 3)
    later = START + timedelta(minutes=1)
    moment = later.replace(tzinfo=None) if database.kind == "sqlite" else later
    change(database, "UPDATE audit_logs SET occurred_at = :moment WHERE number = 2", moment=str(moment))
    assert found(look(database)) == {FindingKind.ALTERED: [(2, 2)]}


@pytest.mark.parametrize(
    "wrong",
    ["address = '192.0.2.8'", 'personal = \'{"after": {"device": "Eve\'\'s"}}\'', "address_salt = NULL"],
)
def test_asvs_16_4_2_an_altered_personal_part_is_told(database: Database, wrong: str) -> None:
    write(database, 3)
    change(database, f"UPDATE audit_logs SET {wrong} WHERE number = 2")  # noqa: S608 - written above
    assert found(look(database)) == {FindingKind.ALTERED: [(2, 2)]}


def test_asvs_16_4_2_missing_entries_are_told_from_altered_ones(database: Database) -> None:
    write(database, 6)
    change(database, "DELETE FROM audit_logs WHERE number IN (2, 3, 5)")
    assert found(look(database)) == {FindingKind.MISSING: [(2, 3), (5, 5)]}


@pytest.mark.parametrize("column", ["id", "number"])
def test_asvs_16_4_2_entries_that_changed_places_are_told_from_altered_ones(
    database: Database, column: str
) -> None:
    write(database, 5)
    for old, new in ((2, 99), (4, 2), (99, 4)):
        change(database, f"UPDATE audit_logs SET {column} = :new WHERE {column} = :old", old=old, new=new)  # noqa: S608 - named above
    said = look(database)
    assert {*found(said)} == {FindingKind.REORDERED}
    assert sorted(found(said)[FindingKind.REORDERED]) == [(2, 2), (4, 4)]


def test_asvs_16_4_2_words_that_changed_places_are_altered(database: Database) -> None:
    write(database, 4)
    for number, other in ((2, 2), (3, 1)):
        before = f'{{"name": "Fern", "number": {other}}}'
        change(database, "UPDATE audit_logs SET before = :b WHERE number = :n", b=before, n=number)
    assert found(look(database)) == {FindingKind.ALTERED: [(2, 3)]}


def test_asvs_16_4_2_a_cut_end_is_told_by_the_head(database: Database) -> None:
    write(database, 4)
    change(database, "DELETE FROM audit_logs WHERE number > 2")
    assert found(look(database)) == {FindingKind.CUT: [(3, 4)]}


def test_asvs_16_4_2_a_cut_end_with_an_old_head_is_told_by_an_anchor(database: Database) -> None:
    write(database, 2)
    with database.reads() as session:
        old = queries.find_head(session)
    assert old is not None
    write(database, 2)
    newest = anchor(database)
    change(database, "DELETE FROM audit_logs WHERE number > 2")
    change(
        database,
        "UPDATE audit_points SET last = 2, row_id = 2, digest = :digest, seal = :seal, made_at = :at "
        "WHERE kind = 'head'",
        digest=old.digest,
        seal=old.seal,
        at=str(old.made_at.replace(tzinfo=None) if database.kind == "sqlite" else old.made_at),
    )
    assert look(database).is_sound
    assert found(look(database, [newest])) == {FindingKind.CUT: [(3, 4)]}


def test_asvs_16_4_2_a_log_that_was_emptied_and_begun_anew_is_told_by_an_anchor(database: Database) -> None:
    write(database, 3)
    newest = anchor(database)
    change(database, "DELETE FROM audit_logs")
    change(database, "DELETE FROM audit_points")
    assert {*found(look(database, [newest]))} == {FindingKind.REWRITTEN}
    write(database, 3)
    assert look(database).is_sound
    assert {*found(look(database, [newest]))} == {FindingKind.REWRITTEN}


def test_asvs_16_4_2_who_holds_the_key_and_rewrites_history_is_told_by_an_anchor(database: Database) -> None:
    write(database, 3)
    newest = anchor(database)
    said = look(database, [Anchor(newest.chain, newest.number, bytes(32))])
    assert found(said) == {FindingKind.REWRITTEN: [(3, 3)]}


def test_asvs_16_4_2_a_row_added_past_the_log_is_told(database: Database) -> None:
    write(database, 2)
    change(
        database,
        "INSERT INTO audit_logs (occurred_at, id, event_id, actor, action, subject_kind, subject_id) "
        "SELECT occurred_at, 9, '01890000000070008000000000000099', actor, action, subject_kind, subject_id "
        "FROM audit_logs WHERE number = 1",
    )
    assert found(look(database)) == {FindingKind.ADDED: [(9, 9)]}


def test_asvs_16_4_2_a_doubled_row_is_told(database: Database) -> None:
    write(database, 3)
    same = (
        "occurred_at, actor, action, subject_kind, subject_id, bot_id, before, after, request_id, person_id, "
        "number, previous, digest, key_id"
    )
    event = "01890000000070008000000000000099"
    change(
        database,
        f"INSERT INTO audit_logs (id, event_id, {same}) "  # noqa: S608 - columns named above
        f"SELECT 9, '{event}', {same} FROM audit_logs WHERE number = 2",
    )
    assert {*found(look(database))} == {FindingKind.ADDED, FindingKind.ALTERED}


@pytest.mark.parametrize("kind", ["head", "start"])
def test_asvs_16_4_2_a_moved_point_is_told(database: Database, kind: str) -> None:
    write(database, 3)
    change(database, "UPDATE audit_points SET row_id = 7 WHERE kind = :kind", kind=kind)
    assert FindingKind.ALTERED in found(look(database))
    change(database, "DELETE FROM audit_points WHERE kind = :kind", kind=kind)
    assert look(database).is_tampered


def test_entries_of_an_old_key_stay_good_and_without_it_cannot_be_checked(database: Database) -> None:
    both = SigningKeys([Secret("n" * 40), Secret("k" * 40)], "audit log")
    write(database, 2)
    write(database, 2, keys=both)
    assert look(database, keys=both).is_sound
    said = look(database, keys=SigningKeys([Secret("n" * 40)], "audit log"))
    assert (said.is_sound, said.is_tampered) == (False, False)
    assert (1, 2) in found(said)[FindingKind.UNREADABLE]


def test_entries_that_anybody_could_have_signed_are_not_believed(database: Database) -> None:
    write(database, 1, keys=UNSIGNED)
    assert found(look(database)).keys() == {FindingKind.UNREADABLE}


def test_values_read_back_as_another_kind_of_number_are_the_same(database: Database) -> None:
    odd = {
        "a": 1e22,
        "b": 1.0,
        "c": -0.0,
        "d": 1e-7,
        "e": 2**62,
        "f": 0.1,
        "g": 5e-324,
        "h": 1.7e308,
        "ü": "\u2603",
    }
    with unit(database) as uow:
        service.record(
            uow, ACTOR, "bot.edit", subject_kind="bot", subject_id=BOT, after={"odd": odd, "l": [odd]}
        )
        uow.commit()
    assert look(database).is_sound


def test_an_erased_person_does_not_break_the_chain(database: Database) -> None:
    write(database, 2)
    with unit(database) as uow:
        named = {"name": "Ann", "external_id": "7", "role": "editor"}
        service.record(uow, ACTOR, "grant.give", subject_kind="user", subject_id=ANN, after=named)
        uow.commit()
    write(database)
    with unit(database) as uow:
        assert service.erase_person(uow, SYSTEM, ANN) == 8
        uow.commit()
    said = look(database)
    assert (said.is_sound, said.erased) == (True, 8)
    with database.reads() as session:
        left = queries.list_recent(session)
    assert {entry.address for entry in left} == {None}
    assert [entry.after for entry in left if entry.action == "grant.give"] == [{"role": "editor"}]
    assert [entry.is_erased for entry in left] == [True] * 4 + [False]
    assert "phone" not in str(left)


def test_asvs_16_4_2_an_erasure_that_nobody_noted_is_told(database: Database) -> None:
    write(database, 2)
    change(database, "UPDATE audit_logs SET address = NULL, address_salt = NULL WHERE number = 1")
    assert found(look(database)) == {FindingKind.ERASED: [(1, 1)]}


def test_an_erased_person_goes_from_older_rows_too(database: Database) -> None:
    with unit(database) as uow:
        service.record(uow, ACTOR, "user.enable", subject_kind="user", subject_id=ANN, after={"on": True})
        uow.commit()
    change(database, "DELETE FROM audit_points")
    change(
        database, "UPDATE audit_logs SET number = NULL, after = :after", after='{"name": "Ann", "on": true}'
    )
    with unit(database) as uow:
        service.erase_person(uow, SYSTEM, ANN)
        uow.commit()
        oldest = queries.list_recent(uow.session)[0]
    assert oldest.after == {"on": True}


def test_expired_days_leave_a_chain_that_can_be_checked(database: Database) -> None:
    for day in range(4):
        write(database, 2, now=START + timedelta(days=day))
    for keep in (3, 2, 2):
        service.delete_expired(lambda: unit(database), database.engine, keep, START + timedelta(days=4))
        said = look(database)
        assert (said.is_sound, said.first) == (True, said.expired + 1), said.findings
    assert (said.expired, said.checked) == (4, 4)
    change(database, "DELETE FROM audit_logs WHERE number = 5")
    assert found(look(database)) == {FindingKind.MISSING: [(5, 5)]}


def test_all_may_expire_and_the_chain_goes_on(database: Database) -> None:
    write(database, 2)
    service.delete_expired(lambda: unit(database), database.engine, 1, START + timedelta(days=5))
    assert look(database).is_sound
    write(database, 1, now=START + timedelta(days=5))
    said = look(database)
    assert (said.is_sound, said.expired, said.first, said.last) == (True, 2, 3, 3)


def test_clocks_that_differ_do_not_break_what_retention_leaves(database: Database) -> None:
    for hours in (0, 30, 1, 31, 2, 60):
        write(database, 1, now=START.replace(hour=0) + timedelta(hours=hours))
    for days in (2, 1):
        service.delete_expired(lambda: unit(database), database.engine, days, START + timedelta(days=3))
        said = look(database)
        assert said.is_sound, said.findings
    assert (said.checked, said.expired) == (1, 5)


def test_a_gap_that_somebody_claims_without_the_key_is_told(database: Database) -> None:
    write(database, 4)
    change(database, "DELETE FROM audit_logs WHERE number = 2")
    change(
        database,
        "INSERT INTO audit_points (kind, first, last, row_id, digest, key_id, seal, made_at) "
        "SELECT 'gap', 2, 2, 2, previous, key_id, previous, occurred_at FROM audit_logs WHERE number = 3",
    )
    assert found(look(database)) == {FindingKind.ALTERED: [(2, 2)]}


def test_the_walk_tells_how_far_it_is(database: Database) -> None:
    write(database, 3)
    told: list[tuple[int, int]] = []
    service.verify(database.reads, KEYS, on_page=lambda checked, total: told.append((checked, total)))
    assert told == [(3, 3)]

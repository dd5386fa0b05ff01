from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.audit import policy
from socialcube.domain.audit.policy.findings import MAX_FINDINGS, Findings
from socialcube.domain.audit.policy.places import Places
from socialcube.domain.audit.types import GAP, START, Anchor, Finding, FindingKind, Point, Verification
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from tests.fakes.clock import START as NOW

KEYS = SigningKeys([Secret("k" * 40)], "tests")
ANN = UUID("01890000-0000-7000-8000-0000000000a1")


def gap(first: int, last: int, digest: bytes = b"g" * 32) -> Point:
    return Point(GAP, first, last, last, digest, "", b"", NOW)


def missing(numbers: list[int], *gaps: Point) -> list[tuple[int, int]]:
    places = Places(None, gaps)
    for number in numbers:
        list(places.take(number, b"", b""))
    return list(places.missing)


def make_row(number: int, previous: bytes, **changed: Any) -> Any:
    values: dict[str, Any] = dict.fromkeys(
        (*policy.SIGNED, "address", "address_salt", "personal", "personal_salt")
    )
    values |= {"occurred_at": NOW, "event_id": new_id(), "actor": "cli:root", "action": "bot.edit"}
    values |= {"subject_kind": "bot", "subject_id": "x"}
    body = policy.body_of([values[name] for name in policy.SIGNED])
    signed = KEYS.sign(policy.link(previous, number, number, body))
    values |= {"id": number, "number": number, "previous": previous}
    values |= {"digest": signed.value, "key_id": signed.key_id} | changed
    return SimpleNamespace(**values)


def walk_over(rows: list[Any], anchors: list[Anchor] | None = None) -> Verification:
    start: dict[str, Any] = {"kind": START, "first": 0, "last": 0, "row_id": 0, "digest": b"s" * 32}
    start["made_at"] = NOW
    sealed = policy.seal(KEYS, start)
    point = Point(**start, key_id=sealed.key_id, seal=sealed.value)
    walk = policy.Walk(KEYS, [point], anchors or [])
    for row in rows:
        walk.take(row)
    return walk.end(None)


def make_rows(count: int) -> list[Any]:
    rows: list[Any] = []
    for number in range(1, count + 1):
        rows.append(make_row(number, rows[-1].digest if rows else b"s" * 32))
    return rows


def test_missing_numbers_are_ranges_and_what_expired_is_not_missing() -> None:
    assert missing([1, 2, 3]) == []
    assert missing([3, 6]) == [(1, 2), (4, 5)]
    assert missing([6, 7], gap(1, 5)) == []
    assert missing([6, 9], gap(1, 3), gap(7, 8)) == [(4, 5)]
    assert missing([4], gap(1, 9)) == []


def test_a_number_that_comes_late_is_not_missing() -> None:
    assert missing([1, 9, 5]) == [(2, 4), (6, 8)]


def test_a_number_twice_is_an_addition() -> None:
    places = Places(None, [])
    list(places.take(1, b"", b""))
    assert [finding.kind for finding in places.take(1, b"", b"")] == [FindingKind.ADDED]


def test_what_is_remembered_of_missing_numbers_is_bounded() -> None:
    found = missing([number * 2 for number in range(1, 3000)])
    assert len(found) == 1000
    assert found[-1][1] == 5997


def test_the_reach_goes_on_over_what_expired() -> None:
    places = Places(None, [gap(3, 5), gap(6, 9)])
    assert places.reach == 0
    for number in (1, 2):
        list(places.take(number, b"", b""))
    assert places.reach == 9


def test_findings_side_by_side_are_one_and_only_the_first_are_listed() -> None:
    found = Findings()
    for number in range(1, 11):
        found.add(Finding(FindingKind.ALTERED, number, number))
    assert found.first == (Finding(FindingKind.ALTERED, 1, 10),)
    for number in range(100, 600, 2):
        found.add(Finding(FindingKind.MISSING, number, number))
    assert len(found.first) == MAX_FINDINGS
    assert found.counts == {FindingKind.ALTERED: 10, FindingKind.MISSING: 250}


def test_a_log_in_which_every_row_was_altered_is_told_within_bounds() -> None:
    rows = make_rows(250)
    for row in rows:
        row.action = "bot.stop"
    said = walk_over(rows)
    assert said.counts[FindingKind.ALTERED] == 250
    assert said.is_tampered


def test_a_row_that_follows_another_one_with_good_signatures_was_rewritten() -> None:
    rows = make_rows(2)
    rows[1] = make_row(2, b"other" * 6 + b"xx")
    assert FindingKind.REWRITTEN in walk_over(rows).counts


def test_an_anchor_that_says_otherwise_is_told() -> None:
    rows = make_rows(2)
    anchor = Anchor(policy.name_chain(b"s" * 32), 1, bytes(32))
    said = walk_over(rows, [anchor])
    assert said.counts[FindingKind.REWRITTEN] == 1


def test_names_of_people_are_personal_and_those_of_bots_are_not() -> None:
    before: dict[str, object] = {"name": "Fern", "address": "192.0.2.1"}
    assert policy.split("bot", before, None) == ({"name": "Fern"}, None, {"before": {"address": "192.0.2.1"}})
    assert policy.split("user", None, {"name": "Ann"}) == (None, {}, {"after": {"name": "Ann"}})
    assert policy.split("bot", {"a": 1}, None) == ({"a": 1}, None, {})


def test_what_was_taken_apart_comes_together_again() -> None:
    before, after, personal = policy.split("user", {"name": "Ann", "on": True}, {"on": False})
    assert policy.merge(before, personal, "before") == {"name": "Ann", "on": True}
    assert policy.merge(after, personal, "after") == {"on": False}
    assert policy.merge(None, None, "after") is None


def test_it_is_known_whose_data_they_are() -> None:
    assert policy.person_of("cli:root", "user", str(ANN), {}, {}) == ANN
    assert policy.person_of("cli:root", "invite", "x", {"user_id": str(ANN)}, {}) == ANN
    assert policy.person_of(f"user:{ANN}", "session", "x", {}, {"before": {}}) == ANN
    assert policy.person_of(f"user:{ANN}", "bot", "x", {}, {}) is None
    assert policy.person_of("cli:root", "bot", "x", {}, {"before": {}}) is None


def test_equal_values_have_digests_that_do_not_tell_so() -> None:
    assert policy.commit("192.0.2.1") != policy.commit("192.0.2.1")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "worker-1  | ",
        "2026-03-01T12:00:00.123456+00:00 app[worker.1]: ",
        "<13>1 2026-03-01T12:00:00Z host app worker.1 - - ",
        "Mar 01 12:00:00 host celery[123]: ",
        "2026-03-01T12:00:00.1Z stdout F ",
    ],
)
def test_an_anchor_is_read_back_from_a_log(before: str) -> None:
    anchor = Anchor("0a1b2c3d", 12, bytes(range(32)))
    line = policy.write_anchor(anchor, NOW + timedelta(hours=1))
    assert list(policy.read_anchors(["nothing", f"{before}{line}\n", ""])) == [anchor]


def test_text_in_a_log_is_no_anchor() -> None:
    line = policy.write_anchor(Anchor("0a1b2c3d", 12, bytes(32)), NOW)
    forged = [
        f"WARNING socialcube.web: no page {line}",
        f"worker-1 | INFO socialcube.worker: {line}",
        f'192.0.2.1 - "GET / HTTP/1.1" {line}',
        f"{line} and more",
        f"x{line}",
        line.removeprefix("audit-anchor "),
    ]
    assert list(policy.read_anchors(forged)) == []


def test_two_anchors_that_differ_are_a_finding() -> None:
    rows = make_rows(2)
    chain = policy.name_chain(b"s" * 32)
    said = walk_over(rows, [Anchor(chain, 2, rows[1].digest), Anchor(chain, 2, bytes(32))])
    assert [(each.kind, each.note) for each in said.findings if each.kind is FindingKind.REWRITTEN] == [
        (FindingKind.REWRITTEN, "two anchors differ")
    ]


def test_a_finding_is_a_line_that_says_what_and_where() -> None:
    finding = Finding(FindingKind.CUT, 1200, 1300, "an anchor names them")
    assert policy.explain(finding) == (
        "Cut off: entries 1,200 to 1,300 (an anchor names them). The log once went on to there."
    )
    titles = {policy.explain(Finding(kind, 1, 1)).partition(":")[0] for kind in FindingKind}
    assert len(titles) == len(FindingKind)


def test_a_summary_tells_what_was_not_compared_and_that_there_is_more() -> None:
    many = Verification(
        checked=3,
        first=1,
        last=3,
        older=1,
        expired=2,
        erased=1,
        chain="0a1b2c3d",
        findings=(Finding(FindingKind.ALTERED, 1, 1),),
        counts={FindingKind.ALTERED: 2},
    )
    said = " ".join(policy.summarise(many))
    for part in (
        "The log was changed",
        "No anchor",
        "1 older row",
        "2 entries were",
        "1 personal part",
        "more",
    ):
        assert part in said, part


def test_entries_that_cannot_be_checked_are_not_called_changed() -> None:
    found = Verification(first=1, last=1, chain="0a1b2c3d", counts={FindingKind.UNREADABLE: 1})
    assert next(iter(policy.summarise(found))).startswith("Some entries cannot be checked")
    assert (found.is_sound, found.is_tampered) == (False, False)

"""Every address of the panel, for everybody, on what is theirs, what is not, and what is not there.

A failure lists cells as `POST /admin/bots/<id>/stop · viewer · foreign: ...`.
"""

from collections.abc import Iterator

import pytest

from tests.security.matrix.asking import Browser, Came
from tests.security.matrix.conftest import Matrix
from tests.security.matrix.holders import holders_of
from tests.security.matrix.markers import unseemly
from tests.security.matrix.model import ABSENT, CROSSED, FOREIGN, LOST, OWN, Answer, Holder, Row
from tests.security.matrix.table import TABLE

each_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: row.title)


@each_row
def test_asvs_8_2_1_everybody_gets_what_the_table_says(matrix: Matrix, row: Row) -> None:
    failures = [
        f"{row.title} · {holder.name} · {thing}: {problem}"
        for holder in holders_of(row)
        for thing, problem in try_all(matrix, row, holder, matrix.browsers[holder.name])
    ]
    assert not failures, "\n" + "\n".join(failures)


def try_all(matrix: Matrix, row: Row, holder: Holder, browser: Browser) -> Iterator[tuple[str, str]]:
    """Knock once for each object. Gives what is not as it should be, with the object."""
    came: dict[str, Came] = {}
    for thing in row.things(holder):
        answer = row.expect(holder, thing)
        found, changed = matrix.ask(browser, holder, row, thing, follow=answer is not Answer.OPEN)
        came[thing] = found
        for problem in _judge(row, answer, found, changed):
            yield thing, problem
        for word in unseemly(found.text, holder):
            yield thing, f"the answer names {word}"
    for thing, like in _pairs(row, holder):
        if thing in came and like in came:
            yield from ((thing, problem) for problem in _compare(came[thing], came[like]))


def _pairs(row: Row, holder: Holder) -> tuple[tuple[str, str], ...]:
    """Give the objects that must be answered alike."""
    if row.is_shut_to(holder):
        return ((FOREIGN, OWN),)
    return ((CROSSED, LOST),) if row.can_tell(holder, FOREIGN) else ((FOREIGN, ABSENT), (CROSSED, LOST))


def _judge(row: Row, answer: Answer, found: Came, changed: list[str]) -> Iterator[str]:
    expected = row.statuses(answer)
    if found.status not in expected:
        yield f"expected {answer} {sorted(expected)}, got {found.status} {found.location} {_title(found)}"
    elif found.status == 302 and answer is Answer.SIGN_IN and not found.location.startswith("/login"):
        yield f"a stranger was sent to {found.location}"
    elif answer is Answer.NO_ACCESS and found.location != "/no-access":
        yield f"was sent to {found.location}"
    if answer is not Answer.OPEN and changed:
        yield f"a door that stayed shut changed {', '.join(changed)}"
    if answer is Answer.OPEN and row.method != "GET" and row.changes and not changed:
        yield "the open door changed nothing: give the row a form that works, or say changes=False"


def _compare(one: Came, other: Came) -> Iterator[str]:
    """Say where two answers differ that must be alike."""
    for left, right in zip(essence := one.essence(), others := other.essence(), strict=False):
        if left != right:
            pairs = enumerate(zip(left, right, strict=False))
            at = next((at for at, (one_sign, other_sign) in pairs if one_sign != other_sign), 0)
            one_says, other_says = (text[max(at - 30, 0) : at + 60] for text in (left, right))
            yield f"not like what is absent: …{one_says}… but …{other_says}…"
            return
    if len(essence) != len(others):
        yield "not like what is absent: it has other headers, or leads elsewhere"


def _title(found: Came) -> str:
    return " ".join(found.text.partition("<h1")[2].partition(">")[2].partition("</h1>")[0].split())

"""What a writer finds at the end of the chain stays to be seen, and no key can be called lost."""

import pytest

from socialcube.domain.audit.types import HEAD_BROKEN, FindingKind
from tests.support.audit import change, found, look, write
from tests.support.databases import Database

ROLL_BACK = (
    "UPDATE audit_points SET last = 3, digest = (SELECT digest FROM audit_logs WHERE number = 3), "
    "row_id = (SELECT id FROM audit_logs WHERE number = 3)"
)


@pytest.mark.parametrize("more", ["", ", key_id = 'deadbeef'"])
def test_asvs_16_4_2_a_head_that_was_rolled_back_is_told_after_the_next_entry(
    database: Database, more: str
) -> None:
    write(database, 5)
    change(database, "DELETE FROM audit_logs WHERE number > 3")
    change(database, f"{ROLL_BACK}{more} WHERE kind = 'head'")
    write(database, 2)
    said = look(database)
    assert (said.checked, said.last) == (6, 6)
    assert found(said) == {FindingKind.ALTERED: [(4, 4)]}
    change(database, "DELETE FROM audit_logs WHERE action = :action", action=HEAD_BROKEN)
    assert found(look(database)) == {FindingKind.MISSING: [(4, 4)]}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_asvs_16_4_2_an_altered_entry_is_not_taken_for_one_of_a_lost_key(
    database: Database, number: int
) -> None:
    write(database, 3)
    change(
        database,
        "UPDATE audit_logs SET actor = 'user:eve', key_id = 'deadbeef' WHERE number = :number",
        number=number,
    )
    said = look(database)
    assert found(said) == {FindingKind.ALTERED: [(number, number)]}

"""The table and the panel have the same doors."""

from werkzeug.routing import Rule

from tests.security.matrix.conftest import Matrix
from tests.security.matrix.table import API, TABLE

_IMPLIED = {"HEAD", "OPTIONS"}


def test_asvs_8_2_1_every_address_has_its_row(matrix: Matrix) -> None:
    rules = list(matrix.site.app.url_map.iter_rules())
    there = {door for rule in rules for door in _doors(rule)}
    written = {row.door for row in (*TABLE, *API)}
    missing = "".join(
        f"\n  {door}: write a row for it into tests/security/matrix/table/, with the permission that it needs"
        for door in sorted(there - written)
    )
    gone = "".join(
        f"\n  {door}: there is no such address, so take its row away" for door in sorted(written - there)
    )
    assert not missing + gone, missing + gone


def test_rows_are_told_apart_by_their_titles() -> None:
    titles = [row.title for row in (*TABLE, *API)]
    assert sorted(set(titles)) == sorted(titles)


def _doors(rule: Rule) -> set[str]:
    return {f"{method} {rule.rule}" for method in (rule.methods or set()) - _IMPLIED}

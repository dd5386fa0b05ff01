"""What people type reaches the database as a value, never as a part of a statement."""

import ast
import itertools
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

import config
from tests.security.conftest import Panel, ask
from tests.support.tables import changed, snapshot

SOURCE: Final = config.PROJECT / "socialcube"
STATEMENTS: Final = frozenset({"text", "execute", "exec_driver_sql", "literal_column", "scalar", "scalars"})
OWN_WORDS: Final = {
    "db/session.py": "pragmas, which take no parameters, from a tuple in the file itself",
    "db/partitions.py": "names of partitions, made of a table's name and a date",
}
"""Files that put a statement together from parts of their own, and of what."""

HOSTILE: Final = (
    "' OR '1'='1",
    "1; DROP TABLE bots; --",
    "x' UNION SELECT token_sealed FROM bots --",
    '"; SELECT pg_sleep(9); --',
    "%' ESCAPE '",
    "\\' OR 1=1 #",
    "name desc, (SELECT 1/0)",
    "CASE WHEN 1=1 THEN id ELSE 1/0 END",
    "\x00' OR 1=1",
)


def test_asvs_1_2_4_no_statement_is_made_of_a_text_with_variables() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line in _made_statements(path)
        if str(path.relative_to(SOURCE)) not in OWN_WORDS
    ]
    assert found == []


def test_asvs_1_2_4_the_lint_sees_what_it_looks_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        'session.execute(text(f"SELECT {name}"))\nsession.execute("SELECT " + name)\ntext("%s" % x)\n'
    )
    assert [*_made_statements(bad)] == [1, 2, 3]
    good = tmp_path / "good.py"
    good.write_text('session.execute(text("SELECT :name"), {"name": name})\nlog.text(name)\n')
    assert [*_made_statements(good)] == []


@pytest.mark.parametrize("turn", range(3))
def test_asvs_1_2_4_lists_take_hostile_words_as_words(panel: Panel, turn: int) -> None:
    client = panel.visit()
    lists = [door for door in panel.doors if door.endpoint.endswith(".index_view")]
    assert len(lists) > 8
    before = snapshot(panel.site.services.shared.engine, without=("user_sessions", "users.last_seen_at"))
    views = {view.endpoint: view for view in panel.site.app.extensions["admin"][0]._views}
    for door in lists:
        filters = getattr(views.get(door.endpoint.partition(".")[0]), "_filter_args", None) or {}
        words = itertools.islice(itertools.cycle(HOSTILE), turn * 3, None)
        query = urlencode(dict(zip(("search", "sort", "desc", *map(str, filters)), words, strict=False)))
        answer = ask(client, f"{door.path()}?{query}")
        assert answer.status_code == 200, (door.path_rule, answer.status_code)
        assert "sc1:" not in answer.text
    after = snapshot(panel.site.services.shared.engine, without=("user_sessions", "users.last_seen_at"))
    assert changed(before, after) == {}


def test_asvs_1_2_4_every_sort_key_is_one_of_the_declared(panel: Panel) -> None:
    client = panel.visit()
    seen = 0
    for view in panel.site.app.extensions["admin"][0]._views:
        for name in getattr(view, "sortable", {}):
            for turned in ("0", "1"):
                url = (
                    f"/admin/{view.url.removeprefix('/admin/')}/?{urlencode({'sort': name, 'desc': turned})}"
                )
                assert ask(client, url).status_code == 200, url
                seen += 1
    assert seen > 10


def _made_statements(path: Path) -> list[int]:
    lines = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or _name_of(node.func) not in STATEMENTS:
            continue
        if node.args and _is_put_together(node.args[0]):
            lines.append(node.lineno)
    return sorted(lines)


def _name_of(function: ast.expr) -> str:
    return getattr(function, "attr", "") or getattr(function, "id", "")


def _is_put_together(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in argument.values)
    if isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Add | ast.Mod):
        sides = (argument.left, argument.right)
        return any(isinstance(side, ast.Constant | ast.JoinedStr) and _is_text(side) for side in sides)
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))

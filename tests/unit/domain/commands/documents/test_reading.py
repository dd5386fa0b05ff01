import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from socialcube.domain.commands.documents.files import write_yaml
from socialcube.domain.commands.documents.reading import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_yaml

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def codes(source: str | bytes) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in read_yaml(source)[1]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only a remark", None),
        ("a: 1\nb: [x, 'y', \"z\"]", {"a": 1, "b": ["x", "y", "z"]}),
        ("- ~\n- null\n-\n- true\n- FALSE", [None, None, None, True, False]),
        ("[1, -2, +3, 0x1f, 1_000]", [1, -2, 3, "0x1f", "1_000"]),
        ("[1.5, -.5, 2., 1e3, 1.5E-2]", [1.5, -0.5, 2.0, 1000.0, 0.015]),
        ("[yes, no, on, off, 'true', '1']", ["yes", "no", "on", "off", "true", "1"]),
        ("[12:30, 2026-01-02, 010, .inf, .nan, =]", ["12:30", "2026-01-02", 10, ".inf", ".nan", "="]),
        ("1: a\ntrue: b", {"1": "a", "true": "b"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("<<: x", {"<<": "x"}),
        ("\ufeffa: 1", {"a": 1}),
        (b"\xef\xbb\xbfa: \xc3\xbc", {"a": "ü"}),
        ("{a: {b: [1, {c: d}]}}", {"a": {"b": [1, {"c": "d"}]}}),
    ],
)
def test_plain_data_is_read_with_one_meaning(text: str | bytes, value: object) -> None:
    assert read_yaml(text) == (value, [])


@given(PLAIN)
@example("0E0")
@example({"1e3": ".5"})
def test_what_was_written_is_read(value: object) -> None:
    assert read_yaml(write_yaml(value)) == (value, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x", ("a", "alias")),
        ("a: [*x]", ("a[0]", "alias")),
        ("a: &x [1]", ("a", "alias")),
        ("*x : 1", ("", "alias")),
        ("a: !!python/object/apply:os.system [x]", ("a", "tag")),
        ("!x {}", ("", "tag")),
        ("a: !!str 1", ("a", "tag")),
        ("? [a]\n: b", ("", "bad_key")),
        ("? {a: b}\n: b", ("", "bad_key")),
        ("a: 1\n---\nb: 2", ("", "too_many")),
        ("a: [", ("", "bad_yaml")),
        ("a: b: c", ("", "bad_yaml")),
        ("a: 1\n\tb: 2", ("", "bad_yaml")),
        ("a: \x00", ("", "bad_yaml")),
        ('a: "\\ud800"', ("", "bad_yaml")),
        ("%YAML 9.9\n---\na", ("", "bad_yaml")),
        ("a: \ud800", ("", "not_text")),
        (b"\xff\xfe", ("", "not_text")),
        ("x" * (MAX_BYTES + 1), ("", "too_large")),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_place(
    text: str | bytes, expected: tuple[str, str]
) -> None:
    assert codes(text) == [expected]


def test_every_doubled_key_is_listed_with_its_line() -> None:
    _, problems = read_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert [(problem.path, problem.code) for problem in problems] == [
        ("b.c", "duplicate_key"),
        ("a", "duplicate_key"),
    ]
    assert [problem.message.partition(":")[0] for problem in problems] == ["line 4", "line 5"]


def test_a_syntax_error_tells_line_and_column() -> None:
    (problem,) = read_yaml("a: 1\nb: ]\n")[1]
    assert "line 2, column 4" in problem.message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_bounded(opening: str) -> None:
    closing = {"[": "]", "{a: ": "}", "- ": ""}[opening]
    assert codes(opening * MAX_DEPTH + "x" + closing * MAX_DEPTH) == []
    ((_, code),) = codes(opening * (MAX_DEPTH + 1) + "x" + closing * (MAX_DEPTH + 1))
    assert code == "too_deep"


def test_values_are_counted() -> None:
    assert codes("[" + "1," * (MAX_NODES - 1) + "]") == []
    ((_, code),) = codes("[" + "1," * MAX_NODES + "]")
    assert code == "too_large"


def test_a_long_place_is_cut() -> None:
    (problem,) = read_yaml("{" + "k" * 500 + ": *x}")[1]
    assert len(problem.path) <= 40


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 200_000,
        "{" * 200_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: " * 60_000,
        "&a " * 60_000,
        "'" * 200_001,
    ],
)
def test_hostile_texts_take_no_time(hostile: str) -> None:
    started = time.process_time()
    assert codes(hostile)
    assert time.process_time() - started < 2


@given(st.text() | st.text(alphabet=" \n\t-:?[]{}&*!|>'\"%#,ab1~", max_size=40) | st.binary())
def test_reading_never_raises_whatever_it_gets(source: str | bytes) -> None:
    data, problems = read_yaml(source)
    assert problems or data is None or isinstance(data, bool | int | float | str | list | dict)

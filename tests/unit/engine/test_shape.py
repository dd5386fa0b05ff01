from datetime import date
from time import thread_time
from typing import Any

import pytest

from socialcube.engine.shape import check_shape

CYCLE: dict[str, Any] = {}
CYCLE["again"] = [CYCLE]


def test_json_data_passes() -> None:
    assert check_shape({"a": [1, 1.5, "x", None, True, {"b": []}]}) == []


@pytest.mark.parametrize(
    ("raw", "path", "message"),
    [
        ({"a": [{"b": date(2025, 1, 1)}]}, "a[0].b", "date does not exist in JSON"),
        ({"a": (1, 2)}, "a", "tuple does not exist in JSON"),
        ({"a": b"x"}, "a", "bytes does not exist in JSON"),
        ({"a": object}, "a", "type does not exist in JSON"),
        ({True: 1}, "", "Every key must be text"),
        ({"a": {"\0": 1}}, "a", "Every key must be text"),
        ({"a": float("nan")}, "a", "not finite"),
        ({"a": 2**63}, "a", "too large"),
        ({"a": "x\0"}, "a", "cannot be stored"),
        (["\ud800"], "[0]", "cannot be stored"),
    ],
)
def test_what_is_no_json_is_named(raw: object, path: str, message: str) -> None:
    (problem,) = check_shape(raw)
    assert (problem.path, problem.code) == (path, "not_json")
    assert message in problem.message


def test_all_odd_values_are_listed_in_order() -> None:
    problems = check_shape({"a": [b"", 1, b""], "b": b""})
    assert [problem.path for problem in problems] == ["a[0]", "a[2]", "b"]


@pytest.mark.parametrize("raw", [CYCLE, [[[[[[[]]]]]]] * 1])
def test_depth_is_bounded(raw: object) -> None:
    deep: Any = raw
    for _ in range(40):
        deep = [deep]
    assert [problem.code for problem in check_shape(deep)] == ["too_deep"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("x" * 70_000, id="text"),
        pytest.param(["é" * 40_000], id="bytes"),
        pytest.param({"x" * 70_000: 1}, id="key"),
        pytest.param(list(range(70_000)), id="list"),
        pytest.param([[[[]] * 200] * 200] * 200, id="shared lists"),
        pytest.param({str(number): 1 for number in range(20_000)}, id="keys"),
        pytest.param(dict.fromkeys(range(20_000), 1), id="odd keys"),
        pytest.param(["\\" * 40_000], id="escapes"),
    ],
)
def test_size_is_bounded_and_quickly_told(raw: object) -> None:
    begin = thread_time()
    problems = check_shape(raw)
    assert thread_time() - begin < 2.0
    assert [problem.code for problem in problems] == ["too_large"]


def test_documents_up_to_64_kilobytes_pass() -> None:
    assert check_shape(["x" * (64 * 1024 - 4)]) == []
    assert check_shape(["x" * (64 * 1024 - 3)]) != []

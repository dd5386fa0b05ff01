from typing import Any

import pytest
from liquid.undefined import Undefined

from socialcube.engine.errors import RenderSizeBudgetError
from socialcube.engine.template.sizes import check_prediction, check_size
from tests.support.failures import failure_of

DEEP: Any = "x"
for _ in range(14):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a" * 20_000, id="text"),
        pytest.param(["a" * 100] * 199, id="texts"),
        pytest.param({"a": {"b": (1, 2)}}, id="groups"),
        pytest.param(2**256 - 1, id="number"),
        pytest.param(list(range(2_000)), id="numbers"),
        pytest.param([1.5, None, True], id="others"),
    ],
)
def test_usual_values_pass(value: object) -> None:
    assert failure_of(check_size, value) is None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a" * 20_001, id="text"),
        pytest.param(["a" * 20_001], id="text in list"),
        pytest.param(["a" * 10_001] * 2, id="texts together"),
        pytest.param({"a" * 20_001: 1}, id="key"),
        pytest.param([["a"] * 1_999] * 12, id="items of items"),
        pytest.param(2**256, id="number"),
        pytest.param([-(2**300)], id="number in list"),
        pytest.param([1] * 2_001, id="list"),
        pytest.param({str(key): 1 for key in range(1_001)}, id="group"),
        pytest.param(DEEP, id="levels"),
    ],
)
def test_large_values_are_refused(value: object) -> None:
    with pytest.raises(RenderSizeBudgetError):
        check_size(value)


@pytest.mark.parametrize(
    ("name", "left", "args"),
    [
        pytest.param("replace", "a" * 1_200, ("a", "b" * 1_200), id="replace"),
        pytest.param("replace", "a" * 1_200, ("", "b" * 20), id="replace nothing"),
        pytest.param("replace", 1_111, ("1", "b" * 5_001), id="replace in number"),
        pytest.param("join", ["a"] * 300, ("b" * 70,), id="join"),
        pytest.param("join", [["a"] * 20] * 20, ("b" * 50,), id="join nested"),
        pytest.param("join", range(500), ("b" * 50,), id="join range"),
        pytest.param("split", "a" * 2_001, ("",), id="split letters"),
        pytest.param("split", "a," * 2_001, (",",), id="split"),
        pytest.param("split", "a" * 2_001, (Undefined("x"),), id="split by nothing"),
        pytest.param("concat", [1] * 1_500, ([1] * 501,), id="concat"),
        pytest.param("uniq", list(range(501)), (), id="uniq"),
        pytest.param("uniq", [list(range(251))] * 2, (), id="uniq nested"),
    ],
)
def test_results_that_would_be_large_are_refused(name: str, left: object, args: tuple[object, ...]) -> None:
    with pytest.raises(RenderSizeBudgetError):
        check_prediction(name, left, args)


@pytest.mark.parametrize(
    ("name", "left", "args"),
    [
        pytest.param("replace", "abc", ("b", "dd"), id="replace"),
        pytest.param("replace", None, (), id="replace in nothing"),
        pytest.param("join", "abc", (), id="join text"),
        pytest.param("split", "a b", (" ",), id="split"),
        pytest.param("concat", [1], (), id="concat"),
        pytest.param("uniq", [1, [2, 3]], (), id="uniq"),
        pytest.param("upcase", "a" * 20_000, (), id="a filter that keeps the size"),
    ],
)
def test_results_of_usual_size_pass(name: str, left: object, args: tuple[object, ...]) -> None:
    assert failure_of(check_prediction, name, left, args) is None

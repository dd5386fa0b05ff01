import pytest

from socialcube.engine.conditions import Operator, holds, to_number
from socialcube.engine.errors import NotANumberError


@pytest.mark.parametrize(
    ("left", "operator", "right", "expected"),
    [
        ("a", "equals", "a", True),
        ("a", "equals", "A", False),
        (" a ", "equals", "a", True),
        ("1", "equals", "1.0", True),
        ("1000000000000000001", "equals", "1000000000000000002", False),
        ("1", "equals", "one", False),
        ("1e2", "equals", "100", False),
        ("a", "not_equals", "b", True),
        ("abc", "contains", "b", True),
        ("abc", "contains", "", True),
        ("abc", "not_contains", "b", False),
        ("abc", "starts_with", "ab", True),
        ("abc", "ends_with", "bc", True),
        ("10", "greater", "9", True),
        ("9", "greater", "9", False),
        ("9.0", "at_least", "9", True),
        ("-1", "less", "+1", True),
        ("2", "at_most", "1", False),
        ("  ", "is_empty", "ignored", True),
        ("a", "is_empty", "", False),
        ("a", "is_not_empty", "", True),
    ],
)
def test_rows_compare_as_people_expect(left: str, operator: str, right: str, expected: bool) -> None:
    assert holds(left, Operator(operator), right) is expected


@pytest.mark.parametrize(
    ("left", "right"), [("ten", "9"), ("9", ""), ("1e9", "1"), ("NaN", "1"), ("1" * 41, "1")]
)
def test_order_of_what_is_no_number_is_refused(left: str, right: str) -> None:
    with pytest.raises(NotANumberError):
        holds(left, Operator.GREATER, right)


def test_refusal_shows_only_the_start() -> None:
    with pytest.raises(NotANumberError, match=r"^“x{40}” is not a number\.$"):
        to_number("x" * 5_000)


@pytest.mark.parametrize("operator", Operator)
def test_every_operator_is_defined(operator: Operator) -> None:
    assert isinstance(holds("1", operator, "1"), bool)

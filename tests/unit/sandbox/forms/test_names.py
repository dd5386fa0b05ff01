import pytest

from socialcube.sandbox.forms.names import is_name


@pytest.mark.parametrize(
    "name", ["hello", "a-b_c'd", "grüße", "привет", "日本語", "नमस्ते", "สวัสดี", "x" * 32, "42"]
)
def test_name_within_discords_rule_is_allowed(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name", ["", "Hello", "two words", "a/b", "a.b", "x" * 33, "smile😀", "a\n", "Ärger", "a\u0301"]
)
def test_name_against_discords_rule_is_not(name: str) -> None:
    assert not is_name(name)

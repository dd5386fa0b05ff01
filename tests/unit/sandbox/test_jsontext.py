import pytest

from socialcube.sandbox.errors import InvalidJsonError
from socialcube.sandbox.jsontext import parse


@pytest.mark.parametrize(
    ("raw", "value"), [(b"", {}), (b'{"a": [1, null]}', {"a": [1, None]}), ('"\\ud83d\\ude00"', "\U0001f600")]
)
def test_json_is_parsed(raw: bytes | str, value: object) -> None:
    assert parse(raw) == value


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff", b"NaN", b"[Infinity]", b'"\\ud800"', b"[" * 50_000, b"1" * 6000, b"{} x"]
)
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidJsonError):
        parse(raw)

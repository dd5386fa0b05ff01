import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.infra.sealing_format import MalformedSealError, SealedText, binding
from socialcube.kernel.ids import new_id

ROW = new_id()


@given(st.from_regex(r"[A-Za-z0-9_-]{1,32}", fullmatch=True), st.binary())
def test_what_was_written_reads_the_same(key_id: str, ciphertext: bytes) -> None:
    sealed = SealedText(key_id, ciphertext)
    assert SealedText.parse(str(sealed)) == sealed


def test_written_form_has_version_key_and_no_padding() -> None:
    assert str(SealedText("k1", b"\xff\xfe")) == "sc1:k1:__4"


@pytest.mark.parametrize(
    "text", ["", "sc1", "sc1:k1", "sc1::YQ", "sc2:k1:YQ", "token", "sc1:k1:Y!Q", "sc1:k1:é"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedSealError):
        SealedText.parse(text)


@pytest.mark.parametrize(
    "other",
    [
        {"table": "other"},
        {"column": "other"},
        {"row_id": new_id()},
        {"key_id": "k2"},
        {"context": "a"},
    ],
)
def test_each_part_of_the_place_makes_another_binding(other: dict[str, str]) -> None:
    place = {"table": "bots", "column": "sealed_token", "row_id": ROW, "key_id": "k1"}
    assert binding(**place) != binding(**place | other)  # type: ignore[arg-type] # keywords of mixed types


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a|b", "a"), ("", "|")])
def test_a_context_may_hold_anything_and_another_one_makes_another_binding(one: str, other: str) -> None:
    place = {"table": "bots", "column": "c", "row_id": ROW, "key_id": "k1"}
    assert binding(**place, context=one) != binding(**place, context=other)  # type: ignore[arg-type] # mixed types


def test_a_separator_inside_of_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match="separator"):
        binding(table="bots|x", column="sealed_token", row_id=ROW, key_id="k1")

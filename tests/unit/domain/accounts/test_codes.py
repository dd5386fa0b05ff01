import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.accounts.policy.codes import ALPHABET, hash_code, make_code
from socialcube.domain.accounts.types import CodeKind

CODE = "0A1B-C2D3-VWXY-89ZH"


@pytest.mark.parametrize(("kind", "bits"), [(CodeKind.SETUP, 80), (CodeKind.LOGIN, 160)])
def test_a_code_has_its_bits_in_groups_of_four(kind: CodeKind, bits: int) -> None:
    code = make_code(kind).reveal()
    assert re.fullmatch(rf"([{ALPHABET}]{{4}}-?){{{bits // 20}}}", code)
    assert len(code.replace("-", "")) * 5 == bits


def test_no_letter_is_mistaken_for_another() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_codes_differ() -> None:
    assert len({make_code(CodeKind.SETUP) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        f"  {CODE}\n",
        CODE.replace("-", " \N{EN DASH} "),
        "0a 1b\tc2d3-vwxy-89zh",
        "OAIB-C2D3-VWXY-89ZH",
        "oalb-c2d3-vwxy-89zh",
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert hash_code(CodeKind.SETUP, typed) == hash_code(CodeKind.SETUP, CODE)


@pytest.mark.parametrize("typed", ["", "0A1B", CODE + "0", CODE[::-1]])
def test_another_code_is_another(typed: str) -> None:
    assert hash_code(CodeKind.SETUP, typed) != hash_code(CodeKind.SETUP, CODE)


def test_a_code_is_good_for_its_kind_only() -> None:
    assert hash_code(CodeKind.SETUP, CODE) != hash_code(CodeKind.LOGIN, CODE)


def test_what_is_stored_is_a_hash() -> None:
    assert hash_code(CodeKind.SETUP, CODE) == sha256(b"setup:0A1BC2D3VWXY89ZH").hexdigest()


@given(st.text(max_size=5000))
def test_anything_typed_is_some_hash(typed: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", hash_code(CodeKind.LOGIN, typed))

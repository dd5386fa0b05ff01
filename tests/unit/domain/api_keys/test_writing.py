import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.api_keys.policy import writing
from socialcube.kernel.secrets import MASK, Secret, mask_text, redact
from socialcube.kernel.signing import SigningKeys

PEPPERS = SigningKeys([Secret("n" * 32), Secret("o" * 32)], "tests")
KEY = "sc_0123abcD_" + "a" * 43 + "_2I0aDn"


def make() -> str:
    return writing.make_key(writing.make_public_id()).reveal()


def test_a_key_has_its_written_form() -> None:
    key = make()
    assert re.fullmatch(r"sc_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}", key)
    assert writing.read_public_id(key) == key[3:11]


def test_no_two_keys_are_alike() -> None:
    assert len({make() for _ in range(100)}) == 100


@given(place=st.integers(3, 54), other=st.sampled_from(writing.ALPHABET))
def test_one_wrong_character_is_found_without_looking_anything_up(place: int, other: str) -> None:
    key = make()
    changed = key[:place] + other + key[place + 1 :]
    assert (writing.read_public_id(changed) is None) == (changed != key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sc_",
        "Bearer",
        "x" * 62,
        "sc_" + "ä" * 59,
        "sc_0123abcD_" + "a" * 43 + "_000000",
        "SC" + make()[2:],
        make() + " ",
        make() + "\n",
        make()[:-1],
        "sc_" + "0" * 1_000_000,
        make().replace("_", "-"),
    ],
    ids=range(12),
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert writing.read_public_id(text) is None


@given(st.text(max_size=80))
def test_any_text_reads_as_none_or_as_an_id(text: str) -> None:
    assert writing.read_public_id(text) is None


def test_the_digest_tells_its_pepper_and_not_the_key() -> None:
    key = make()
    stored = writing.digest(PEPPERS, key)
    assert stored.startswith(f"{PEPPERS.ids[0]}:")
    assert len(stored) <= 80
    assert key[12:55] not in stored
    assert writing.matches(PEPPERS, stored, key)
    assert not writing.matches(PEPPERS, stored, make())
    assert writing.is_current(PEPPERS, stored)


def test_a_digest_of_an_older_pepper_still_matches_and_is_told_apart() -> None:
    key, older = make(), SigningKeys([Secret("o" * 32)], "tests")
    stored = writing.digest(older, key)
    assert writing.matches(PEPPERS, stored, key)
    assert not writing.is_current(PEPPERS, stored)


def test_a_digest_of_a_pepper_that_is_gone_matches_nothing() -> None:
    key = make()
    for peppers in (SigningKeys([Secret("x" * 32)], "tests"), SigningKeys()):
        assert not writing.matches(PEPPERS, writing.digest(peppers, key), key)


def test_keys_are_masked_wherever_text_is() -> None:
    key = make()
    assert mask_text(f"GET /?key={key} failed") == f"GET /?key={MASK} failed"
    assert redact({"agent": f"curl {key}", "Authorization": "x"}) == {
        "agent": f"curl {MASK}",
        "Authorization": MASK,
    }

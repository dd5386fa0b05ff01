import pytest

import config
from bin.lib.key_pair import new_key_pair, sealing_half
from tests.factories.settings import make_environ


def test_a_new_pair_is_what_the_settings_take() -> None:
    pair = new_key_pair()
    assert config.load_settings(make_environ(TOKEN_SEALING_KEYS=pair.sealing)).sealing_keys == (pair.sealing,)
    (opening,) = config.load_opening_keys({"TOKEN_OPENING_KEY": pair.opening})
    assert opening.reveal() == pair.opening


def test_the_halves_belong_together_and_differ() -> None:
    pair = new_key_pair()
    assert sealing_half(pair.opening) == pair.sealing
    assert pair.sealing != pair.opening


def test_two_pairs_have_nothing_in_common() -> None:
    first, second = new_key_pair(), new_key_pair()
    assert first.sealing.partition(":")[0] != second.sealing.partition(":")[0]


@pytest.mark.parametrize("text", ["", "k1", "k1:", "k1:%%%", "k1:AAAA"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        sealing_half(text)

from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import UNSIGNED, SigningKeys

OLD, NEW = Secret("o" * 40), Secret("n" * 40)


def test_the_newest_key_signs_and_each_one_checks() -> None:
    old, both = SigningKeys([OLD], "tests"), SigningKeys([NEW, OLD], "tests")
    signed, again = old.sign(b"words"), both.sign(b"words")
    assert both.ids == (again.key_id, signed.key_id)
    assert both.check(signed.key_id, signed.value, b"words")
    assert both.check(again.key_id, again.value, b"words")


def test_other_bytes_another_key_and_an_unknown_id_do_not_pass() -> None:
    keys = SigningKeys([NEW, OLD], "tests")
    signed = keys.sign(b"words")
    assert not keys.check(signed.key_id, signed.value, b"word")
    assert not keys.check(keys.ids[1], signed.value, b"words")
    assert not keys.check("", signed.value, b"words")
    assert not SigningKeys([OLD], "tests").knows(signed.key_id)


def test_keys_of_another_purpose_differ() -> None:
    signed = SigningKeys([NEW], "one").sign(b"words")
    assert not SigningKeys([NEW], "other").check(signed.key_id, signed.value, b"words")


def test_without_a_key_anybody_could_have_signed_and_who_has_one_does_not_believe_it() -> None:
    signed = UNSIGNED.sign(b"words")
    assert (signed.key_id, UNSIGNED.check("", signed.value, b"words")) == ("", True)
    assert not SigningKeys([NEW], "tests").check("", signed.value, b"words")


def test_keys_do_not_print() -> None:
    keys = SigningKeys([NEW], "tests")
    assert repr(keys) == f"SigningKeys({keys.ids[0]})"
    assert NEW.reveal() not in repr(keys)

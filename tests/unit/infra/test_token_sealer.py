import base64

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from socialcube.infra.sealing_format import SUITE, SealedText, binding
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret

ROW = new_id()
NEW, OLD = X25519PrivateKey.generate(), X25519PrivateKey.generate()


def public_entry(key_id: str, key: X25519PrivateKey) -> str:
    return f"{key_id}:{base64.b64encode(key.public_key().public_bytes_raw()).decode()}"


def seal() -> str:
    sealer = HPKETokenSealer([public_entry("new", NEW), public_entry("old", OLD)])
    return sealer.seal(Secret("a-token"), table="bots", column="sealed_token", row_id=ROW)


def test_the_private_key_opens_what_was_sealed_for_its_place() -> None:
    sealed = SealedText.parse(seal())
    info = binding(table="bots", column="sealed_token", row_id=ROW, key_id="new")
    assert SUITE.decrypt(sealed.ciphertext, NEW, info=info) == b"a-token"


def test_the_newest_key_closes() -> None:
    assert SealedText.parse(seal()).key_id == "new"


def test_the_token_does_not_stand_in_it_and_no_two_are_equal() -> None:
    assert "a-token" not in seal()
    assert seal() != seal()

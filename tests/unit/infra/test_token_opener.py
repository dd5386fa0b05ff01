import base64
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.infra.sealing_format import SealedText
from socialcube.infra.token_opener import HPKETokenOpener
from socialcube.infra.token_sealer import HPKETokenSealer
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret

TOKEN = Secret("a.token.never-used")
ROW = new_id()


def key_pair(key_id: str) -> tuple[str, Secret]:
    private = X25519PrivateKey.generate()
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    return f"{key_id}:{public}", Secret(f"{key_id}:{base64.b64encode(private.private_bytes_raw()).decode()}")


PUBLIC, PRIVATE = key_pair("k1")
OPENER = HPKETokenOpener([PRIVATE])


def seal(row_id: UUID = ROW, column: str = "sealed_token", table: str = "bots") -> str:
    return HPKETokenSealer([PUBLIC]).seal(TOKEN, table=table, column=column, row_id=row_id)


def open_at_its_place(sealed: str) -> Secret:
    return OPENER.open(sealed, table="bots", column="sealed_token", row_id=ROW)


def test_what_was_sealed_opens_at_its_place() -> None:
    assert open_at_its_place(seal()) == TOKEN


@pytest.mark.parametrize(
    "sealed",
    [seal(row_id=new_id()), seal(column="other"), seal(table="bot_secrets")],
    ids=["row", "column", "table"],
)
def test_asvs_11_3_2_moved_to_another_cell_it_does_not_open(sealed: str) -> None:
    with pytest.raises(TokenUnreadableError, match="sealed for another place or altered"):
        open_at_its_place(sealed)


def test_asvs_11_3_3_every_altered_byte_is_noticed() -> None:
    whole = SealedText.parse(seal())
    for position in range(len(whole.ciphertext)):
        altered = bytearray(whole.ciphertext)
        altered[position] ^= 1
        with pytest.raises(TokenUnreadableError):
            open_at_its_place(str(SealedText(whole.key_id, bytes(altered))))


@pytest.mark.parametrize("sealed", ["", TOKEN.reveal(), "sc1:k1:", "sc1:k1:ab", "sc1:k1:ä", "sc2:k1:abcd"])
def test_what_is_not_sealed_is_refused_and_never_given_back(sealed: str) -> None:
    with pytest.raises(TokenUnreadableError):
        open_at_its_place(sealed)


def test_missing_key_is_named() -> None:
    other = HPKETokenOpener([key_pair("k2")[1]])
    with pytest.raises(TokenUnreadableError, match="the key k1 is not here"):
        other.open(seal(), table="bots", column="sealed_token", row_id=ROW)


def test_asvs_11_2_2_each_seal_names_its_suite_and_key_so_that_two_keys_open_side_by_side() -> None:
    newer_public, newer_private = key_pair("k2")
    opener = HPKETokenOpener([newer_private, PRIVATE])
    newer = HPKETokenSealer([newer_public, PUBLIC]).seal(TOKEN, table="bots", column="c", row_id=ROW)
    assert newer.startswith("sc1:k2:")
    assert opener.open(newer, table="bots", column="c", row_id=ROW) == TOKEN
    assert opener.open(seal(), table="bots", column="sealed_token", row_id=ROW) == TOKEN


def test_a_seal_that_claims_another_key_does_not_open() -> None:
    newer_public, newer_private = key_pair("k2")
    opener = HPKETokenOpener([newer_private, PRIVATE])
    claimed = seal().replace("sc1:k1:", "sc1:k2:")
    with pytest.raises(TokenUnreadableError):
        opener.open(claimed, table="bots", column="sealed_token", row_id=ROW)
    sealer = HPKETokenSealer([newer_public, PUBLIC])
    assert sealer.key_ids == ("k2", "k1")
    assert [sealer.key_of(text) for text in (claimed, seal(), "no seal")] == ["k2", "k1", ""]

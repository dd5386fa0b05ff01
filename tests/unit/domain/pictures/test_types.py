import pytest

from socialcube.domain.pictures.types import MAX_EXTERNAL_ID, PictureKind, address_of

HASH = "0123456789abcdef" * 2


@pytest.mark.parametrize("picture_hash", [HASH, f"a_{HASH}"])
def test_a_hash_of_discords_makes_an_address(picture_hash: str) -> None:
    address = address_of(PictureKind.BOT, 5001, picture_hash)
    assert address is not None
    assert (address.kind, address.external_id, address.hash) == (PictureKind.BOT, 5001, picture_hash)


@pytest.mark.parametrize(
    "picture_hash",
    [
        None,
        "",
        HASH[:-1],
        HASH + "0",
        HASH.upper(),
        f"{HASH}\n",
        f"b_{HASH}",
        f"a_{HASH[:-2]}",
        "../" + HASH[3:],
        HASH[:-4] + ".png",
        HASH[:-1] + "٣",
    ],
)
def test_another_text_makes_none(picture_hash: str | None) -> None:
    assert address_of(PictureKind.PERSON, 1001, picture_hash) is None


@pytest.mark.parametrize("external_id", [0, -1, MAX_EXTERNAL_ID + 1])
def test_a_number_that_is_no_snowflake_makes_none(external_id: int) -> None:
    assert address_of(PictureKind.SERVER, external_id, HASH) is None

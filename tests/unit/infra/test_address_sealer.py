import base64

import pytest

from socialcube.domain.alerts.errors import AddressUnreadableError
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret

OLD, NEW = Secret("o" * 32), Secret("n" * 32)
CHANNEL = new_id()
ADDRESS = Secret("https://discord.com/api/v10/webhooks/1/a-token")


def seal(*secrets: Secret) -> str:
    return DerivedAddressSealer(secrets or (NEW,)).seal(ADDRESS, channel_id=CHANNEL)


def test_what_was_sealed_opens_for_its_channel() -> None:
    assert DerivedAddressSealer([NEW]).open(seal(), channel_id=CHANNEL) == ADDRESS


def test_the_newest_key_closes_and_each_opens() -> None:
    both = DerivedAddressSealer([NEW, OLD])
    assert both.key_of(seal(NEW, OLD)) == both.newest
    assert both.key_of(seal(OLD)) != both.newest
    assert both.open(seal(OLD), channel_id=CHANNEL) == ADDRESS


def test_the_address_does_not_stand_in_it_and_no_two_are_equal() -> None:
    assert seal() != seal()
    closed = base64.urlsafe_b64decode(seal().rpartition(":")[2])
    assert b"a-token" not in closed
    assert NEW.reveal() not in seal()


def test_a_key_id_tells_nothing_of_its_key() -> None:
    assert len(DerivedAddressSealer([NEW]).newest) == 8
    assert DerivedAddressSealer([NEW]).newest == DerivedAddressSealer([NEW, OLD]).newest


def test_another_channel_does_not_open_it() -> None:
    with pytest.raises(AddressUnreadableError, match="another channel"):
        DerivedAddressSealer([NEW]).open(seal(), channel_id=new_id())


def test_a_key_that_is_gone_does_not_open_it() -> None:
    with pytest.raises(AddressUnreadableError, match="SECRET_KEY"):
        DerivedAddressSealer([NEW]).open(seal(OLD), channel_id=CHANNEL)


def test_asvs_11_3_2_no_altered_byte_opens() -> None:
    sealer, (version, key_id, body) = DerivedAddressSealer([NEW]), seal().split(":")
    data = base64.urlsafe_b64decode(body)
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        text = f"{version}:{key_id}:{base64.urlsafe_b64encode(altered).decode()}"
        with pytest.raises(AddressUnreadableError):
            sealer.open(text, channel_id=CHANNEL)


@pytest.mark.parametrize("rest", ["", "????", "QUJD", "é"])
def test_what_is_no_ciphertext_is_refused(rest: str) -> None:
    sealer = DerivedAddressSealer([NEW])
    with pytest.raises(AddressUnreadableError):
        sealer.open(f"sa1:{sealer.newest}:{rest}", channel_id=CHANNEL)


@pytest.mark.parametrize("text", ["", "sc1:k1:AAAA", ADDRESS.reveal()])
def test_what_another_closed_has_no_key_here(text: str) -> None:
    sealer = DerivedAddressSealer([NEW])
    assert sealer.key_of(text) == ""
    with pytest.raises(AddressUnreadableError):
        sealer.open(text, channel_id=CHANNEL)

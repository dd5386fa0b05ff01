"""Closes and opens the addresses of alert channels, with keys made from SECRET_KEY (ADR 0011)."""

import base64
import binascii
import os
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from socialcube.domain.alerts.errors import AddressUnreadableError
from socialcube.infra.sealing_format import binding
from socialcube.kernel.secrets import Secret

VERSION: Final = "sa1"
"""AES-256-GCM under a key from HKDF-SHA256; the table, column, row and key are authenticated beside it."""

_TABLE: Final = "alert_channels"
_COLUMN: Final = "sealed_address"
_KEY: Final = b"socialcube alert channels key"
_NAME: Final = b"socialcube alert channels key id"
_KEY_BYTES: Final = 32
_NAME_BYTES: Final = 4
_NONCE_BYTES: Final = 12


class DerivedAddressSealer:
    """Seals addresses so that the database alone tells none.

    Args:
        secrets: the values of SECRET_KEY, the newest first. That one closes; each opens what it closed.
    """

    def __init__(self, secrets: Sequence[Secret]) -> None:
        self._keys = {_derive(secret, _NAME, _NAME_BYTES).hex(): secret for secret in secrets}
        self.newest = next(iter(self._keys))

    def key_of(self, sealed: str) -> str:
        """Say which key closed this, empty when it is no sealed address at all."""
        version, _, rest = sealed.partition(":")
        return rest.partition(":")[0] if version == VERSION else ""

    def seal(self, address: Secret, *, channel_id: UUID) -> str:
        """Give the sealed form. Two calls never give the same text."""
        nonce = os.urandom(_NONCE_BYTES)
        closed = self._cipher(self.newest).encrypt(
            nonce, address.reveal().encode(), _place(channel_id, self.newest)
        )
        return f"{VERSION}:{self.newest}:{base64.urlsafe_b64encode(nonce + closed).decode()}"

    def open(self, sealed: str, *, channel_id: UUID) -> Secret:
        """Open what was sealed for this channel.

        Raises:
            AddressUnreadableError: another key, another channel, or not sealed at all.
        """
        key_id = self.key_of(sealed)
        if key_id not in self._keys:
            raise AddressUnreadableError(reason="the SECRET_KEY that it was sealed with is gone")
        try:
            data = base64.b64decode(sealed.rpartition(":")[2].encode(), altchars=b"-_", validate=True)
            nonce, closed = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
            return Secret(self._cipher(key_id).decrypt(nonce, closed, _place(channel_id, key_id)).decode())
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise AddressUnreadableError(reason="it was sealed for another channel or altered") from error

    def _cipher(self, key_id: str) -> AESGCM:
        return AESGCM(_derive(self._keys[key_id], _KEY, _KEY_BYTES))


def _derive(secret: Secret, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret.reveal().encode())


def _place(channel_id: UUID, key_id: str) -> bytes:
    return binding(table=_TABLE, column=_COLUMN, row_id=channel_id, key_id=key_id)

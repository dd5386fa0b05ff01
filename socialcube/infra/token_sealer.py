"""Closes bot tokens to the fleet's public key. What this module closes it cannot open."""

import base64
from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from socialcube.infra.sealing_format import SUITE, MalformedSealError, SealedText, binding
from socialcube.kernel.secrets import Secret


class HPKETokenSealer:
    """Seals with HPKE (RFC 9180), bound to the row that will hold the result.

    Args:
        keys: public keys as `key id:base64` of 32 raw bytes, the newest first. Only that one closes;
            the others stay listed while the fleet still opens what they closed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._key_ids = tuple(key.partition(":")[0] for key in keys)
        _, _, encoded = keys[0].partition(":")
        self._public_key = X25519PublicKey.from_public_bytes(base64.b64decode(encoded, validate=True))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Give the ids of the key pairs in use, the newest first."""
        return self._key_ids

    def key_of(self, sealed: str) -> str:
        """Say which key pair closed this. Empty when it is no sealed secret at all."""
        try:
            return SealedText.parse(sealed).key_id
        except MalformedSealError:
            return ""

    def seal(self, secret: Secret, *, table: str, column: str, row_id: UUID, context: str = "") -> str:
        """Give the sealed form. Two calls never give the same text."""
        key_id = self._key_ids[0]
        info = binding(table=table, column=column, row_id=row_id, key_id=key_id, context=context)
        ciphertext = SUITE.encrypt(secret.reveal().encode(), self._public_key, info=info)
        return str(SealedText(key_id, ciphertext))

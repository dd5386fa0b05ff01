"""Closes bot tokens to the fleet's public key. What this module closes it cannot open."""

import base64
from collections.abc import Sequence
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from socialcube.infra.sealing_format import SUITE, SealedText, binding
from socialcube.kernel.secrets import Secret


class HPKETokenSealer:
    """Seals with HPKE (RFC 9180), bound to the row that will hold the result.

    Args:
        keys: public keys as `key id:base64` of 32 raw bytes, the newest first. Only that one closes;
            the others stay listed while the fleet still opens what they closed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._key_id, _, encoded = keys[0].partition(":")
        self._public_key = X25519PublicKey.from_public_bytes(base64.b64decode(encoded, validate=True))

    def seal(self, secret: Secret, *, table: str, column: str, row_id: UUID) -> str:
        """Give the sealed form. Two calls never give the same text."""
        info = binding(table=table, column=column, row_id=row_id, key_id=self._key_id)
        ciphertext = SUITE.encrypt(secret.reveal().encode(), self._public_key, info=info)
        return str(SealedText(self._key_id, ciphertext))

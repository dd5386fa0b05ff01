"""Opens bot tokens with the fleet's private keys. Only the fleet may import this module."""

import base64
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.infra.sealing_format import SUITE, MalformedSealError, SealedText, binding
from socialcube.kernel.secrets import Secret


class HPKETokenOpener:
    """Opens what `HPKETokenSealer` closed. It fails closed: no value ever comes back unopened.

    Args:
        keys: private keys as `key id:base64` of 32 raw bytes. Each opens what its own pair closed.
    """

    def __init__(self, keys: Sequence[Secret]) -> None:
        self._keys = dict(_read_key(key) for key in keys)

    def open(self, sealed: str, *, table: str, column: str, row_id: UUID, context: str = "") -> Secret:
        """Open a secret that was sealed to this very cell, in this very context.

        Raises:
            TokenUnreadableError: another key, another cell, or not a sealed secret at all.
        """
        try:
            text = SealedText.parse(sealed)
        except MalformedSealError as error:
            raise TokenUnreadableError(reason=error.details["reason"]) from error
        key = self._keys.get(text.key_id)
        if key is None:
            raise TokenUnreadableError(reason=f"the key {text.key_id} is not here")
        info = binding(table=table, column=column, row_id=row_id, key_id=text.key_id, context=context)
        try:
            return Secret(SUITE.decrypt(text.ciphertext, key, info=info).decode())
        except (InvalidTag, ValueError) as error:
            raise TokenUnreadableError(reason="it was sealed for another place or altered") from error


def _read_key(entry: Secret) -> tuple[str, X25519PrivateKey]:
    key_id, _, encoded = entry.reveal().partition(":")
    return key_id, X25519PrivateKey.from_private_bytes(base64.b64decode(encoded, validate=True))

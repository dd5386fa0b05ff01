"""How a sealed secret is written down: shared by who closes it and who opens it."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self
from uuid import UUID

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from socialcube.kernel.errors import SocialCubeError

VERSION: Final = "sc1"

#: RFC 9180 base mode with X25519, HKDF-SHA256 and AES-256-GCM.
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

_BINDING_SEPARATOR: Final = "|"


class MalformedSealError(SocialCubeError):
    """The sealed value is damaged: {reason}."""

    code = "malformed_seal"


@dataclass(frozen=True, slots=True)
class SealedText:
    """A ciphertext and the key pair that it was closed with. `sc1:<key id>:<base64url>` when written.

    Attributes:
        key_id: names the key pair, so that several can live side by side during a rotation.
        ciphertext: encapsulated key, then the AEAD's output with its tag.
    """

    key_id: str
    ciphertext: bytes

    def __str__(self) -> str:
        body = base64.urlsafe_b64encode(self.ciphertext).rstrip(b"=").decode()
        return f"{VERSION}:{self.key_id}:{body}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form.

        Raises:
            MalformedSealError: it is not ours, of a later version, or cut.
        """
        version, _, rest = text.partition(":")
        key_id, separator, body = rest.partition(":")
        if version != VERSION or not separator or not key_id:
            raise MalformedSealError(reason=f"it does not start with {VERSION}")
        try:
            padding = b"=" * (-len(body) % 4)
            ciphertext = base64.b64decode(body.encode() + padding, altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise MalformedSealError(reason="it is not base64") from error
        return cls(key_id, ciphertext)


def binding(*, table: str, column: str, row_id: UUID, key_id: str, context: str = "") -> bytes:
    """Say where a ciphertext belongs. Moved to another row, column or key it does not open.

    Args:
        table: of the row.
        column: of the row.
        row_id: its key.
        key_id: of the key pair that closes it.
        context: what else must stay as it is, like the columns beside it; any text.

    Raises:
        ValueError: a part holds the separator, so that two places could read the same.
    """
    # Hashed, so that no context can hold the separator, whatever stands in its columns.
    digest = (sha256(context.encode()).hexdigest(),) if context else ()
    parts = (table, column, str(row_id), key_id, VERSION, *digest)
    if any(_BINDING_SEPARATOR in part for part in parts):
        raise ValueError("a part of a binding holds its separator")
    return _BINDING_SEPARATOR.join(parts).encode()

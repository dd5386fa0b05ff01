"""One-time codes: how they look, and what is kept of them."""

import secrets
from hashlib import sha256
from typing import Final

from socialcube.domain.accounts.types import CodeKind
from socialcube.kernel.secrets import Secret

# Crockford's Base32 without I, L, O and U: nothing in it is mistaken for anything else in it.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_BITS_PER_CHARACTER: Final = 5
_GROUP: Final = 4
_MAX_TYPED: Final = 200
_MISREAD: Final = str.maketrans("ILO", "110")
_BITS: Final = {CodeKind.SETUP: 80, CodeKind.LOGIN: 160, CodeKind.INVITE: 160}


def make_code(kind: CodeKind) -> Secret:
    """Make a code in groups of four: 80 bits for one that is typed, 160 for one that travels in a link."""
    length = _BITS[kind] // _BITS_PER_CHARACTER
    characters = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return Secret("-".join(characters[start : start + _GROUP] for start in range(0, length, _GROUP)))


def hash_code(kind: CodeKind, code: str) -> str:
    """Give what is stored of a code, the same however it is typed: case, dashes and blanks do not count.

    A plain hash is enough: the code is random and long, so trying all of them is hopeless.
    """
    typed = code[:_MAX_TYPED].upper().translate(_MISREAD)
    kept = "".join(character for character in typed if character in ALPHABET)
    return sha256(f"{kind}:{kept}".encode()).hexdigest()

"""How long deleted bots are kept, and how tokens are told apart."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from socialcube.kernel.secrets import Secret

KEPT: Final = timedelta(days=30)
"""How long a deleted bot can be restored. Its token is destroyed at once."""

_FINGERPRINT_LENGTH: Final = 16
_BY_END: Final = "end:"
"""Stands before the last characters of a leaked token of which no fingerprint was taken."""


def purge_moment(deleted_at: datetime) -> datetime:
    """Give when a bot that was deleted then goes for good."""
    return deleted_at + KEPT


def fingerprint_of(token: Secret) -> str:
    """Give 64 bits by which a token is known again.

    The secret part of a bot token is an authentication code of 160 bits or more, so its hash tells nothing
    that could be guessed. What people choose themselves must never be shown like this.
    """
    return sha256(b"bot token|" + token.reveal().encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def mark_of_leaked(fingerprint: str, last4: str) -> str:
    """Give what is kept of a leaked token: its fingerprint, or its end where it was stored without one.

    Another token of one bot ends alike once in some million times; Discord makes a new one at a click.
    """
    return fingerprint or (_BY_END + last4 if last4 else "")


def is_leaked(token: Secret, mark: str) -> bool:
    """Tell whether this is the token that `mark_of_leaked` was given."""
    if mark.startswith(_BY_END):
        return token.reveal().endswith(mark.removeprefix(_BY_END))
    return mark == fingerprint_of(token)

"""Words about the secrets of bots."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from socialcube.domain.bots.types import SealedCell

MAX_NAME_LENGTH: Final = 32
MAX_HOST_LENGTH: Final = 253
MAX_VALUE_LENGTH: Final = 4096
MAX_SECRETS: Final = 50
"""Secrets of one bot."""


@dataclass(frozen=True, slots=True)
class SecretView:
    """What people may know of a secret. Nothing of its value: people choose short ones too.

    Attributes:
        name: by which a step asks for it.
        host: the only one that it is ever sent to.
        set_by: whoever typed it, as `str(actor)`.
        set_at: when.
    """

    id: UUID
    name: str
    host: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as a runner gets it: still sealed."""

    host: str
    cell: SealedCell

"""Reads of what is sealed, over all tables."""

from collections import Counter
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.bot_secrets import queries as bot_secrets
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.ports import TokenSealer
from socialcube.domain.bots.types import SealedCell
from socialcube.domain.key_rotation.types import KeyUse

_READERS: Final = (bots.list_sealed, bot_secrets.list_sealed)


def list_sealed(session: Session) -> list[SealedCell]:
    """List every sealed value, whichever key closed it."""
    return [cell for read in _READERS for cell in read(session)]


def list_stale(session: Session, sealer: TokenSealer) -> list[SealedCell]:
    """List what another key than the newest closed."""
    newest = sealer.key_ids[0]
    return [cell for cell in list_sealed(session) if sealer.key_of(cell.sealed) != newest]


def list_key_uses(session: Session, sealer: TokenSealer) -> list[KeyUse]:
    """List the keys that are in use or could be: the newest first, unknown ones last."""
    tokens = Counter(sealer.key_of(cell.sealed) for cell in bots.list_sealed(session))
    secrets = Counter(sealer.key_of(cell.sealed) for cell in bot_secrets.list_sealed(session))
    unknown = sorted((tokens.keys() | secrets.keys()) - set(sealer.key_ids))
    return [
        KeyUse(
            key_id,
            tokens[key_id],
            secrets[key_id],
            is_newest=key_id == sealer.key_ids[0],
            is_listed=key_id in sealer.key_ids,
        )
        for key_id in (*sealer.key_ids, *unknown)
    ]

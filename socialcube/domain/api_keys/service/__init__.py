"""Writes of API keys: making, rotating and revoking them, and noting that they are used."""

from socialcube.domain.api_keys.service.keys import erase_keys, make_key, revoke_key, rotate_key
from socialcube.domain.api_keys.service.uses import is_worth_noting, note_use

__all__ = ["erase_keys", "is_worth_noting", "make_key", "note_use", "revoke_key", "rotate_key"]

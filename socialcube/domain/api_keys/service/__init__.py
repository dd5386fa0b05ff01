"""Writes of API keys: making, rotating and revoking them, and noting that they are used."""

from socialcube.domain.api_keys.service.keys import make_key, revoke_key, rotate_key
from socialcube.domain.api_keys.service.uses import is_worth_noting, note_use

__all__ = ["is_worth_noting", "make_key", "note_use", "revoke_key", "rotate_key"]

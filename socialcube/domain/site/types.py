"""Names of settings in the `settings` table."""

from typing import Final

ORIGIN: Final = "discord_origin"
"""Scheme and host of the one Discord that this database belongs to."""

"""Names of settings in the `settings` table."""

from typing import Final

ORIGIN: Final = "discord_origin"
"""Scheme and host of the one Discord that this database belongs to."""

FIRST_STEPS_DISMISSED: Final = "first_steps_dismissed:{user_id}"
"""Whether a person wants to see no list of first steps any more."""

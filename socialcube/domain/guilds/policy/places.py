"""The languages and time zones that a server can have."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

LOCALES: Final = (
    "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi",
    "zh-CN", "zh-TW",
)  # fmt: skip
"""Discord's locales (Discord docs, Reference, "Locales")."""


@cache
def list_time_zones() -> tuple[str, ...]:
    """List the names of all time zones, sorted. Read once: they are some 600 files."""
    return tuple(sorted(available_timezones()))


def is_time_zone(name: str) -> bool:
    """Tell whether there is a time zone of exactly this name."""
    return name in list_time_zones()

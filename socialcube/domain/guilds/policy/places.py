"""The languages and time zones that a server can have."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

LOCALE_NAMES: Final = {
    "bg": "български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en-GB": "English (UK)",
    "en-US": "English (US)",
    "es-419": "Español (Latinoamérica)",
    "es-ES": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuviškai",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt-BR": "Português (Brasil)",
    "ro": "Română",
    "ru": "Русский",
    "sv-SE": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh-CN": "中文",
    "zh-TW": "繁體中文",
}
"""Discord's locales by what their own speakers call them (Discord docs, Reference, "Locales")."""

LOCALES: Final = tuple(LOCALE_NAMES)


@cache
def list_time_zones() -> tuple[str, ...]:
    """List the names of all time zones, sorted. Read once: they are some 600 files."""
    return tuple(sorted(available_timezones()))


def is_time_zone(name: str) -> bool:
    """Tell whether there is a time zone of exactly this name."""
    return name in list_time_zones()

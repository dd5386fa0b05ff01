"""Which browser a session belongs to, in words.

Browsers call themselves by the names of their forefathers, so the order below decides: the first name that
occurs is the true one (MDN, "Browser detection using the user agent"). What is not known is not guessed.
"""

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome without a window"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_LONGEST: Final = 60


def device_of(agent: str) -> str:
    """Say which browser it is and on what, like `Firefox on Linux`.

    Args:
        agent: what it sent as `User-Agent`. Anybody can send anything there: it is a hint for people.
    """
    if not agent:
        return "A browser that does not say which"
    browser = _first(_BROWSERS, agent) if agent.startswith("Mozilla/") else None
    if browser is None:
        return agent[:_LONGEST]
    system = _first(_SYSTEMS, agent)
    return f"{browser} on {system}" if system else browser


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((words for sign, words in names if sign in agent), None)

"""Template filters of these pages: links to pages that may not be there, and durations."""

from typing import Final

from flask import Flask, current_app

from socialcube.web.pages.links import link

_SECOND_MS: Final = 1000


def init_app(app: Flask) -> None:
    """Give the filters to all templates."""
    app.jinja_env.filters.update(page_url=link, has_page=_has_page, duration=duration, has_bit=_has_bit)


def duration(milliseconds: float | None) -> str:
    """Write how long something took: `412 ms`, or `2.6 s` from a second on; unknown is a dash."""
    if milliseconds is None:
        return "—"
    if milliseconds < _SECOND_MS:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / _SECOND_MS:.1f} s"


def _has_page(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _has_bit(bits: int, bit: int) -> bool:
    return bool(bits & bit)

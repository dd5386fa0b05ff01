"""Words and values that the templates of a command need."""

from typing import Final

from socialcube.web.pages.commands.showing.places import say_place

_MAX_COLOUR: Final = 0xFFFFFF
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_OWN_COLOUR: Final = "currentColor"
"""What Discord's own colour is drawn with: the preview has a token for it."""


def colour(value: object) -> str:
    """Give an embed's colour for an SVG. Whatever is none becomes Discord's own."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_COLOUR:
        return f"#{value:06x}"
    text = str(value)
    is_hex = text.startswith("#") and len(text) == len("#rrggbb") and set(text[1:]) <= _HEX
    return text if is_hex else _OWN_COLOUR


FILTERS: Final = {"colour": colour, "place": say_place}

"""Where a walk through a list goes on. A cursor is for giving back, not for looking into."""

import base64
import binascii
from typing import Final

from socialcube.web.problems import FieldProblem, InvalidRequestError

MAX_LENGTH: Final = 200


def write_cursor(kind: str, place: object) -> str:
    """Write a place of one kind of list as text that fits into an address."""
    return base64.urlsafe_b64encode(f"{kind} {place}".encode()).decode().rstrip("=")


def read_cursor(kind: str, text: str) -> str:
    """Read the place again.

    Raises:
        InvalidRequestError: the text is no cursor, or one of another list.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found, _, place = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
    except (binascii.Error, UnicodeError):
        found, place = "", ""
    if found != kind or not place:
        raise unreadable_cursor()
    return place


def unreadable_cursor() -> InvalidRequestError:
    """Make the refusal of a cursor that nobody here wrote."""
    sentence = "Give the value of `next` from the page before, of the same list, unchanged."
    return InvalidRequestError([FieldProblem(pointer="/cursor", detail=sentence, location="query")])

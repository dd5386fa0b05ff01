"""Which pictures a profile takes: what they are by their own bytes, and how large they are."""

import struct
from typing import Final

from socialcube.domain.bots.errors import InvalidPictureError
from socialcube.domain.bots.types import ProfilePicture

MAX_PICTURE_BYTES: Final = 1_000_000
MAX_PICTURE_SIDE: Final = 4096
MIN_PICTURE_SIDE: Final = 16

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
_GIF: Final = (b"GIF87a", b"GIF89a")
# ITU T.81, table B.1: markers that begin a frame and tell its size; the gaps in the row mean other things.
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})

Size = tuple[int, int]


def check_picture(content: bytes) -> ProfilePicture:
    """Give a picture with what it is. Its name and what the browser calls it count for nothing.

    Raises:
        InvalidPictureError: it is no PNG, JPEG or GIF, is damaged, or is too large or too small.
    """
    if len(content) > MAX_PICTURE_BYTES:
        raise InvalidPictureError(problem=f"it has {len(content) / 1e6:.1f} MB, and 1 MB is the most")
    media_type, size = _look_at(content)
    if size is None:
        raise InvalidPictureError(problem="its size cannot be read, so it seems to be damaged")
    width, height = size
    if max(size) > MAX_PICTURE_SIDE:
        raise InvalidPictureError(problem=f"it is {width:,} by {height:,} pixels, which is too large")
    if min(size) < MIN_PICTURE_SIDE:
        raise InvalidPictureError(problem=f"it is {width:,} by {height:,} pixels, which is too small")
    return ProfilePicture(content, media_type)


def _look_at(content: bytes) -> tuple[str, Size | None]:
    if content.startswith(_PNG):
        return "image/png", _png_size(content)
    if content.startswith(_GIF):
        return "image/gif", _unpack("<HH", content, 6)
    if content.startswith(_JPEG):
        return "image/jpeg", _jpeg_size(content)
    raise InvalidPictureError(problem="it is no PNG, JPEG or GIF")


def _png_size(content: bytes) -> Size | None:
    """Read the first chunk, which is always IHDR (PNG specification, 11.2.2)."""
    return _unpack(">II", content, 16) if content[12:16] == b"IHDR" else None


def _jpeg_size(content: bytes) -> Size | None:
    """Walk over the segments up to the first frame (ITU T.81, B.1.1 and B.2.2)."""
    place = len(_JPEG)
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - begins each marker
        marker = content[place + 1]
        if marker in _FRAMES:
            found = _unpack(">HH", content, place + 5)
            return None if found is None else (found[1], found[0])
        if marker in _BARE or marker == 0xFF:  # noqa: PLR2004 - a byte that only fills
            place += 1 if marker == 0xFF else 2  # noqa: PLR2004 - as above
            continue
        length = _unpack(">H", content, place + 2)
        if length is None or length[0] < 2:  # noqa: PLR2004 - it counts its own two bytes
            return None
        place += 2 + length[0]
    return None


def _unpack(form: str, content: bytes, place: int) -> Size | None:
    if place + struct.calcsize(form) > len(content):
        return None
    found = struct.unpack_from(form, content, place)
    return found[0], found[-1]

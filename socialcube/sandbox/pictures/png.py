"""Writes PNG files (W3C PNG specification, third edition): 8-bit RGB, no filter, no interlace."""

import struct
import zlib
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_RGB: Final = 2


def encode(width: int, height: int, pixels: bytes) -> bytes:
    """Give a PNG file.

    Args:
        width: in pixels.
        height: in pixels.
        pixels: three bytes each, red, green and blue, row by row from the top left.

    Raises:
        ValueError: the pixels are not as many as width and height say.
    """
    if len(pixels) != width * height * 3:
        raise ValueError("pixels do not fill the picture")
    head = struct.pack(">IIBBBBB", width, height, 8, _RGB, 0, 0, 0)
    # Each row begins with the number of its filter; 0 is none.
    rows = b"".join(b"\0" + pixels[start : start + width * 3] for start in range(0, len(pixels), width * 3))
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

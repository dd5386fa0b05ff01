"""Pictures for tests: real heads, and as little behind them as needed."""

import struct
import zlib


def make_png(width: int, height: int) -> bytes:
    """Make a PNG of one colour that any viewer shows."""
    rows = b"".join(b"\0" + bytes((40, 90, 190)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def make_gif(width: int, height: int) -> bytes:
    """Make the head of a GIF."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0"


def make_jpeg(width: int, height: int) -> bytes:
    """Make a JPEG up to its first frame, behind a segment of the application's."""
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(10)
    return b"\xff\xd8" + application + frame


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

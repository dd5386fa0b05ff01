import struct
import zlib

import pytest

from socialcube.sandbox.pictures import png
from socialcube.sandbox.pictures.drawing import SIZE, Curve, Design, Disc, Path, Ring, Shape, draw

BLACK, GREY = (0, 0, 0), (100, 100, 100)


def decode(content: bytes) -> tuple[int, int, bytes]:
    """Give width, height and pixels of a PNG, checking what a reader of the format checks."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    rest = content[8:]
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        kind, body = rest[4:8], rest[8 : 8 + length]
        assert struct.unpack(">I", rest[8 + length : 12 + length]) == (zlib.crc32(kind + body),)
        chunks[kind] = body
        rest = rest[12 + length :]
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *how = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert how == [8, 2, 0, 0, 0]
    rows = zlib.decompress(chunks[b"IDAT"])
    step = width * 3 + 1
    assert set(rows[::step]) == {0}
    return width, height, b"".join(rows[at + 1 : at + step] for at in range(0, len(rows), step))


def colour_at(content: bytes, x: float, y: float) -> tuple[int, ...]:
    """Give the colour at a place of the grid of 24 by 24."""
    width, _, pixels = decode(content)
    start = (int(y * SIZE / 24) * width + int(x * SIZE / 24)) * 3
    return tuple(pixels[start : start + 3])


def test_png_gives_back_its_pixels() -> None:
    pixels = bytes(range(2 * 3 * 3))
    assert decode(png.encode(2, 3, pixels)) == (2, 3, pixels)


def test_png_refuses_pixels_that_do_not_fill_it() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        png.encode(2, 2, b"123")


def test_ground_goes_from_the_upper_to_the_lower_colour() -> None:
    content = draw(Design(BLACK, GREY, ()))
    assert decode(content)[:2] == (SIZE, SIZE)
    assert colour_at(content, 12, 0) == BLACK
    assert colour_at(content, 12, 23.9) == GREY


@pytest.mark.parametrize(
    ("shape", "inked", "bare"),
    [
        (Disc((12, 12), 4), (12, 12), (12, 18)),
        (Ring((12, 12), 6), (18, 12), (12, 12)),
        (Path(((4, 4), (20, 4), (20, 20))), (20, 12), (12, 12)),
        (Curve(((4, 20), (4, 4), (20, 4), (20, 20))), (12, 8), (12, 20)),
    ],
)
def test_shape_is_white_where_it_is_and_nowhere_else(
    shape: Shape, inked: tuple[float, float], bare: tuple[float, float]
) -> None:
    content = draw(Design(BLACK, BLACK, (shape,)))
    assert colour_at(content, *inked) == (255, 255, 255)
    assert colour_at(content, *bare) == BLACK


def test_opacity_lets_the_ground_through() -> None:
    assert colour_at(draw(Design(BLACK, BLACK, (Disc((12, 12), 4),), opacity=0.5)), 12, 12) == (128,) * 3

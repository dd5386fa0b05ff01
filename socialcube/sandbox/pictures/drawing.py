"""Draws a design: a ground that darkens downwards, and white discs and strokes with soft edges."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from socialcube.sandbox.pictures import png

SIZE: Final = 128
_GRID: Final = 24
_SCALE: Final = SIZE / _GRID
_PEN: Final = 0.8
_PIECES: Final = 12
_WHITE: Final = 255

Point = tuple[float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    centre: Point
    radius: float


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle drawn with the pen."""

    centre: Point
    radius: float


@dataclass(frozen=True, slots=True)
class Path:
    """Straight lines from point to point."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic Bézier curve, two of its points being handles."""

    points: tuple[Point, Point, Point, Point]


Shape = Disc | Ring | Path | Curve


@dataclass(frozen=True, slots=True)
class Design:
    """A picture on a grid of 24 by 24, the origin at the top left.

    Attributes:
        top: colour of the ground's upper edge.
        bottom: of its lower edge.
        opacity: of the white on it.
    """

    top: Colour
    bottom: Colour
    shapes: tuple[Shape, ...]
    opacity: float = 1.0


def draw(design: Design) -> bytes:
    """Give the design as a PNG file of 128 by 128 pixels."""
    ink = [0.0] * (SIZE * SIZE)
    for shape in design.shapes:
        for start, end, radius in _strokes(shape):
            _lay(ink, start, end, radius)
    pixels = bytearray()
    for y in range(SIZE):
        ground = [a + (b - a) * y / (SIZE - 1) for a, b in zip(design.top, design.bottom, strict=True)]
        bare = _mixed(ground, 0)
        for cover in ink[y * SIZE : (y + 1) * SIZE]:
            pixels += _mixed(ground, cover * design.opacity) if cover else bare
    return png.encode(SIZE, SIZE, bytes(pixels))


def _mixed(ground: list[float], share: float) -> bytes:
    """Give a pixel with its share of white."""
    return bytes(round(part + (_WHITE - part) * share) for part in ground)


def _strokes(shape: Shape) -> Iterator[tuple[Point, Point, float]]:
    """Give a shape as thick lines with round ends: from, to, and half the thickness."""
    match shape:
        case Disc(centre, radius):
            yield centre, centre, radius
        case Ring(centre, radius):
            turns = [math.tau * step / (2 * _PIECES) for step in range(2 * _PIECES + 1)]
            yield from _lines(
                [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in turns]
            )
        case Curve(points):
            yield from _lines([_along(points, step / _PIECES) for step in range(_PIECES + 1)])
        case Path(corners):
            yield from _lines(list(corners))


def _lines(points: list[Point]) -> Iterator[tuple[Point, Point, float]]:
    for start, end in itertools.pairwise(points):
        yield start, end, _PEN


def _along(points: tuple[Point, Point, Point, Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y


def _lay(ink: list[float], start: Point, end: Point, radius: float) -> None:
    """Lay one thick line on; where lines meet, the stronger ink counts, so that joints do not show."""
    (ax, ay), (bx, by) = ((x * _SCALE, y * _SCALE) for x, y in (start, end))
    reach = radius * _SCALE + 1
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    for y in range(max(0, int(min(ay, by) - reach)), min(SIZE, int(max(ay, by) + reach) + 1)):
        for x in range(max(0, int(min(ax, bx) - reach)), min(SIZE, int(max(ax, bx) + reach) + 1)):
            px, py = x + 0.5 - ax, y + 0.5 - ay
            t = min(1.0, max(0.0, (px * dx + py * dy) / length)) if length else 0.0
            distance = math.hypot(px - t * dx, py - t * dy)
            cover = min(1.0, max(0.0, radius * _SCALE + 0.5 - distance))
            ink[y * SIZE + x] = max(ink[y * SIZE + x], cover)

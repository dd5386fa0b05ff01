"""What the first people, bots and guilds look like, and the hash that Discord's JSON names each by."""

import hashlib
from functools import cache
from typing import Final

from socialcube.sandbox.pictures.drawing import Colour, Curve, Design, Disc, Path, Ring, draw
from socialcube.sandbox.world.seed import (
    FERN,
    GREENHOUSE,
    HARBOR,
    JONAS,
    MARA,
    PRIYA,
    ROLLCALL,
    TAVERN,
    THEO,
)


def _person(colour: Colour) -> Design:
    """Give head and shoulders on a plain ground."""
    return Design(colour, colour, (Disc((12, 9.5), 4), Disc((12, 24), 8.4)), opacity=0.9)


USERS: Final[dict[int, Design]] = {
    MARA: _person((160, 82, 122)),
    JONAS: _person((74, 111, 165)),
    PRIYA: _person((47, 127, 107)),
    THEO: _person((94, 90, 168)),
    # A leaf with its vein.
    GREENHOUSE: Design(
        (79, 154, 58),
        (44, 97, 29),
        (
            Curve(((6, 18), (6, 10), (10, 6), (19, 6))),
            Curve(((19, 6), (19, 15), (15, 18), (10, 18))),
            Curve(((10, 18), (8, 18), (7, 17.5), (6, 17))),
            Curve(((6, 19), (7.5, 15), (10, 12.5), (14, 10.5))),
        ),
    ),
    # A list with two ticks.
    ROLLCALL: Design(
        (45, 138, 107),
        (23, 87, 65),
        (
            Path(((6, 8), (7.5, 9.5), (10, 6.5))),
            Path(((13, 8), (18, 8))),
            Path(((6, 16), (7.5, 17.5), (10, 14.5))),
            Path(((13, 16), (18, 16))),
        ),
    ),
    # A mug with foam.
    TAVERN: Design(
        (154, 91, 52),
        (95, 51, 26),
        (
            Path(((6, 9.5), (6, 19), (15, 19), (15, 9.5))),
            Curve(((15, 11.5), (19.5, 11), (19.5, 17), (15, 16.5))),
            Curve(((6, 9.5), (4.5, 6.5), (8, 5.5), (9.5, 7))),
            Curve(((9.5, 7), (11, 4.5), (13.5, 5.5), (13, 7.5))),
            Curve(((13, 7.5), (15, 6.5), (16, 8.5), (15, 9.5))),
            Path(((6, 9.5), (15, 9.5))),
        ),
    ),
}
"""By the id of a person or of a bot's account."""

GUILDS: Final[dict[int, Design]] = {
    # A sprout.
    FERN: Design(
        (47, 125, 122),
        (24, 80, 78),
        (
            Path(((12, 20), (12, 9))),
            Curve(((12, 14), (8.5, 14), (6.5, 12), (6.5, 8.5))),
            Curve(((6.5, 8.5), (10, 8.5), (12, 10.5), (12, 14))),
            Curve(((12, 10.5), (12, 7), (14, 5), (17.5, 5))),
            Curve(((17.5, 5), (17.5, 8.5), (15.5, 10.5), (12, 10.5))),
        ),
    ),
    # An anchor.
    HARBOR: Design(
        (30, 127, 168),
        (15, 76, 110),
        (
            Ring((12, 5.5), 2),
            Path(((12, 7.5), (12, 20))),
            Path(((8, 11), (16, 11))),
            Curve(((5, 14), (5.5, 17.5), (8, 20), (12, 20))),
            Curve(((12, 20), (16, 20), (18.5, 17.5), (19, 14))),
        ),
    ),
}
"""By the id of a guild."""


def avatar_of(user_id: int) -> str | None:
    """Give the hash of a user's picture; None for who has none."""
    design = USERS.get(user_id)
    return _hash(design) if design else None


def icon_of(guild_id: int) -> str | None:
    """Give the hash of a guild's picture; None for one that has none."""
    design = GUILDS.get(guild_id)
    return _hash(design) if design else None


def avatar_path(user_id: int) -> str | None:
    """Give where this server has a user's picture."""
    picture = avatar_of(user_id)
    return f"/avatars/{user_id}/{picture}.png" if picture else None


def icon_path(guild_id: int) -> str | None:
    """Give where this server has a guild's picture."""
    picture = icon_of(guild_id)
    return f"/icons/{guild_id}/{picture}.png" if picture else None


@cache
def drawn(design: Design) -> bytes:
    """Give a design as a PNG file, drawn once."""
    return draw(design)


@cache
def _hash(design: Design) -> str:
    # From what is drawn, so that a changed design gets a new address as on Discord.
    return hashlib.blake2b(repr(design).encode(), digest_size=16).hexdigest()

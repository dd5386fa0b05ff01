"""Pictures of bots, people and servers: the door they come through, and the words templates use for them.

Browsers fetch them here and never from Discord: their address would tell Discord who looks at what.
"""

import zlib
from typing import Final

from flask import Blueprint, Flask, Response, url_for

from socialcube.domain.pictures import queries
from socialcube.domain.pictures.types import MAX_EXTERNAL_ID, PictureAddress, PictureKind, address_of
from socialcube.infra.discord_images import Picture, PicturesAwayError
from socialcube.web import guard
from socialcube.web.context import services

TINTS: Final = 6
_DAY_SECONDS: Final = 86_400
_ABSENT_SECONDS: Final = 60
_KINDS: Final = "bot, banner, person, server"
_PATH: Final = f"/media/<any({_KINDS}):kind>/<int(max={MAX_EXTERNAL_ID}):external_id>/<name>"
_POLICY: Final = "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; sandbox"

blueprint: Final = Blueprint("pictures", __name__)


@blueprint.get(_PATH)
@guard.signed_in
def show(kind: str, external_id: int, name: str) -> Response:
    """Send a picture that something stored here has; `name` is its hash. All else is simply not there."""
    address = address_of(PictureKind(kind), external_id, name)
    picture = _find(address) if address is not None else None
    response = Response(picture.content, mimetype=picture.media_type) if picture else Response(status=404)
    response.headers["Content-Security-Policy"] = _POLICY
    response.cache_control.private = True
    response.cache_control.max_age = _DAY_SECONDS if picture else _ABSENT_SECONDS
    # The hash stands for the very bytes: another picture has another address.
    response.cache_control.immutable = picture is not None
    return response


def picture_url(kind: str, external_id: object, picture_hash: object) -> str:
    """Give where the panel serves a picture, or nothing when there is none; takes what templates have."""
    if not isinstance(external_id, int) or not isinstance(picture_hash, str):
        return ""
    address = address_of(PictureKind(kind), external_id, picture_hash)
    if address is None:
        return ""
    return url_for("pictures.show", kind=kind, external_id=external_id, name=address.hash)


def tint(key: object) -> int:
    """Give the number of the colour behind something's initials, 1 to 6, the same at every look."""
    return zlib.crc32(str(key).encode()) % TINTS + 1


def init_app(app: Flask) -> None:
    """Add the door, and what templates need to point to it."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["picture_url"] = picture_url
    app.jinja_env.filters["tint"] = tint


def _find(address: PictureAddress) -> Picture | None:
    session = services().session()
    if not queries.is_known(session, address):
        return None
    # The CDN may take seconds, and nobody should wait for this connection meanwhile.
    session.rollback()
    try:
        return services().pictures.get(address)
    except PicturesAwayError:
        # An image has no reader for an error; the page shows initials.
        return None

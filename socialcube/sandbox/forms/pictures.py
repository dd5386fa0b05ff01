"""Pictures as applications send them: data URIs (Discord docs, "Reference" > "Image Data")."""

import base64
import binascii
import re
from typing import Final

from socialcube.sandbox.forms.report import Report
from socialcube.sandbox.world.profiles import Picture

_MOST_KIB: Final = 10_240
_URI: Final = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]*)")
# How each kind of file begins; what a data URI says of itself is not believed.
_BEGINNINGS: Final = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}


def picture(value: object, report: Report) -> Picture | None:
    """A PNG, JPEG, GIF or WebP file of at most 10 MiB as a data URI."""
    found = _URI.fullmatch(value) if isinstance(value, str) else None
    try:
        content = base64.b64decode(found[2]) if found else b""
    except binascii.Error:
        content = b""
    if found is None or not content.startswith(_BEGINNINGS[found[1]]):
        report.add("IMAGE_INVALID", "Invalid image")
        return None
    if len(content) > _MOST_KIB * 1024:
        report.add("BINARY_TYPE_MAX_SIZE", f"File cannot be larger than {_MOST_KIB}.0 kb.")
        return None
    return Picture(found[1], content)

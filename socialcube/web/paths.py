"""Addresses inside the panel: who asks for data there, and which of them a redirect may follow."""

import re
from typing import Final

from flask import request

API_PATH: Final = "/api/"
"""What lies below is for programs with a key. No cookie counts there."""

JSON_PATHS: Final = (API_PATH, "/healthz", "/readyz")

_MAX_LENGTH: Final = 2000
# One slash and then no other, of either kind: browsers read `//host` and `/\host` as another site,
# and drop tabs and line breaks before they look (WHATWG URL, section 4.4).
_LOCAL: Final = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def wants_json() -> bool:
    """Tell whether a program asks, rather than a browser that shows a page."""
    if request.path.startswith(JSON_PATHS):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def is_api() -> bool:
    """Tell whether the request at hand is for the API."""
    return request.path.startswith(API_PATH)


def page_before(default: str = "/") -> str:
    """Give the page that sent the request at hand; only ever an address of this panel."""
    page, home = request.referrer or "", request.host_url
    return local_path(page.removeprefix(home.rstrip("/")) if page.startswith(home) else None) or default


def local_path(text: str | None) -> str | None:
    """Give an address if it surely stays on this site: a path from the root, with its query."""
    if not text or len(text) > _MAX_LENGTH or not _LOCAL.fullmatch(text):
        return None
    return text

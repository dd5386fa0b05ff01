"""The cookie by which a browser is known again: a random text that means nothing by itself."""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from flask import Response

from socialcube.kernel.secrets import Secret

_TOKEN_BYTES: Final = 32
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """How our cookie is called and guarded.

    Attributes:
        name: browsers take one that begins with `__Host-` from this very host over https only, so that
            no neighbour can plant it.
        is_secure: whether it travels over https only.
    """

    name: str
    is_secure: bool

    def set(self, response: Response, token: Secret, seconds: int | None) -> None:
        """Give the browser its token: until it closes, or for so many seconds."""
        response.set_cookie(
            self.name,
            token.reveal(),
            max_age=seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="Lax",
        )

    def delete(self, response: Response) -> None:
        """Take it away again."""
        response.delete_cookie(self.name, path="/", secure=self.is_secure, httponly=True, samesite="Lax")


def cookie_for(public_url: str) -> Cookie:
    """Give the cookie of a panel at this address. Settings allow plain http on loopback only."""
    is_secure = public_url.startswith("https://")
    return Cookie("__Host-sc" if is_secure else "sc", is_secure)


def make_token() -> Secret:
    """Make a token of 256 random bits."""
    return Secret(secrets.token_urlsafe(_TOKEN_BYTES))


def read_token(text: str | None) -> Secret | None:
    """Read what a browser sent. Anything that we cannot have made is None."""
    return Secret(text) if text and _WELL_FORMED.fullmatch(text) else None

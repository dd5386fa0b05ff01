"""The cookie by which a browser is known again: a random text that means nothing by itself."""

import re
import secrets
from dataclasses import dataclass
from typing import Final, Literal

from werkzeug.wrappers import Response

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
        same_site: `Lax` comes along when another site leads here, as Discord does; `Strict` only from our
            own pages.
    """

    name: str
    is_secure: bool
    same_site: Literal["Lax", "Strict"] = "Lax"

    def set(self, response: Response, token: Secret, seconds: int | None) -> None:
        """Give the browser its token: until it closes, or for so many seconds."""
        response.set_cookie(
            self.name,
            token.reveal(),
            max_age=seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite=self.same_site,
        )

    def delete(self, response: Response) -> None:
        """Take it away again."""
        response.delete_cookie(
            self.name, path="/", secure=self.is_secure, httponly=True, samesite=self.same_site
        )


def cookie_for(public_url: str) -> Cookie:
    """Give the cookie of a panel at this address. Settings allow plain http on loopback only."""
    is_secure = public_url.startswith("https://")
    return Cookie("__Host-sc" if is_secure else "sc", is_secure)


def proof_cookie_for(public_url: str) -> Cookie:
    """Give the cookie of a browser in which somebody proves again who they are.

    It is `Strict`, though Discord leads back from another site: what it guards is the last step, which is
    a form of our own page. So nobody who merely leads a browser to Discord and back renews a sign-in.
    """
    is_secure = public_url.startswith("https://")
    return Cookie("__Host-sc-again" if is_secure else "sc-again", is_secure, "Strict")


def make_token() -> Secret:
    """Make a token of 256 random bits."""
    return Secret(secrets.token_urlsafe(_TOKEN_BYTES))


def read_token(text: str | None) -> Secret | None:
    """Read what a browser sent. Anything that we cannot have made is None."""
    return Secret(text) if text and _WELL_FORMED.fullmatch(text) else None

"""Codes and tokens of people who signed in. In memory only: they end with the server."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

from socialcube.kernel.clock import Clock
from socialcube.sandbox.errors import DiscordError
from socialcube.sandbox.world import tokens

# RFC 6749 section 4.1.2 recommends ten minutes at most; Discord's access tokens live a week.
CODE_SECONDS: Final = 600.0
TOKEN_SECONDS: Final = 604_800.0


class InvalidGrantError(DiscordError):
    """Invalid "{what}" in request."""

    code = "invalid_grant"


@dataclass(frozen=True, slots=True)
class Request:
    """What an application asks a person for.

    Attributes:
        client_id: the application.
        redirect_uri: one of its registered addresses.
        scopes: what it wants to know.
        state: its own value, given back with the code.
        challenge: PKCE challenge (S256), empty when it sent none.
    """

    client_id: int
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed: the pair of tokens that stands for it."""

    client_id: int
    user_id: int
    scopes: tuple[str, ...]
    access_token: str
    refresh_token: str
    expires: float


class Grants:
    """Hands out one-time codes and trades them for tokens."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[str, tuple[float, Request]] = {}
        self._codes: dict[str, tuple[float, Request, int]] = {}
        self._by_access: dict[str, Grant] = {}
        self._by_refresh: dict[str, Grant] = {}

    def ask(self, request: Request) -> str:
        """Note that a consent page was shown. Gives the ticket that its form sends back, once."""
        ticket = tokens.opaque()
        now = self._clock.monotonic()
        self._asked = {key: entry for key, entry in self._asked.items() if entry[0] > now}
        self._asked[ticket] = (now + CODE_SECONDS, request)
        return ticket

    def answer(self, ticket: str) -> Request | None:
        """Use up a ticket. Gives what was asked, or None when it is unknown, used or too old."""
        expires, request = self._asked.pop(ticket, (0.0, None))
        return request if expires > self._clock.monotonic() else None

    def allow(self, request: Request, user_id: int) -> str:
        """Note that a person agreed. Gives the one-time code."""
        code = tokens.opaque()
        self._codes[code] = (self._clock.monotonic() + CODE_SECONDS, request, user_id)
        return code

    def redeem(self, client_id: int, code: str, redirect_uri: str, verifier: str) -> Grant:
        """Trade a code for tokens; it is used up even when something does not fit.

        Raises:
            InvalidGrantError: the code is unknown, used, too old or another application's; the redirect
                address differs; or the PKCE verifier does not fit the challenge.
        """
        # Popped before anything is checked: a code that was tried wrongly may have been stolen.
        expires, request, user_id = self._codes.pop(code, (0.0, None, 0))
        if request is None or expires <= self._clock.monotonic() or request.client_id != client_id:
            raise InvalidGrantError(what="code")
        if request.redirect_uri != redirect_uri:
            raise InvalidGrantError(what="redirect_uri")
        if request.challenge and not tokens.is_same(_challenge_of(verifier), request.challenge):
            raise InvalidGrantError(what="code_verifier")
        return self._issue(client_id, user_id, request.scopes)

    def refresh(self, client_id: int, refresh_token: str) -> Grant:
        """Trade a refresh token for a new pair, or raise InvalidGrantError. The old pair ends."""
        grant = self._by_refresh.get(refresh_token)
        if grant is None or grant.client_id != client_id:
            raise InvalidGrantError(what="refresh_token")
        self._end(grant)
        return self._issue(client_id, grant.user_id, grant.scopes)

    def revoke(self, client_id: int, token: str) -> None:
        """End the pair that a token belongs to. An unknown token is no error (RFC 7009, section 2.2)."""
        grant = self._by_access.get(token) or self._by_refresh.get(token)
        if grant is not None and grant.client_id == client_id:
            self._end(grant)

    def find(self, access_token: str) -> Grant | None:
        """Give what an access token stands for, or None when it is unknown or too old."""
        grant = self._by_access.get(access_token)
        return grant if grant is not None and grant.expires > self._clock.monotonic() else None

    def clear(self) -> None:
        """End everything, for a world that starts again."""
        for store in (self._asked, self._codes, self._by_access, self._by_refresh):
            store.clear()

    def _issue(self, client_id: int, user_id: int, scopes: tuple[str, ...]) -> Grant:
        expires = self._clock.monotonic() + TOKEN_SECONDS
        grant = Grant(client_id, user_id, scopes, tokens.opaque(), tokens.opaque(), expires)
        self._by_access[grant.access_token] = grant
        self._by_refresh[grant.refresh_token] = grant
        return grant

    def _end(self, grant: Grant) -> None:
        self._by_access.pop(grant.access_token, None)
        self._by_refresh.pop(grant.refresh_token, None)


def _challenge_of(verifier: str) -> str:
    """Give the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode(errors="replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

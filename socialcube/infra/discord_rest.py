"""Asks Discord who a token belongs to. The web uses it with a token that was just typed, once.

Its refusals are not counted with those of the runners, although Discord counts them by address: each
runner counts its own, and the web only asks when a person types a token.
"""

from typing import Final, TypeVar

import requests
from pydantic import BaseModel, ValidationError

from socialcube import USER_AGENT
from socialcube.domain.bots.errors import PlatformUnavailableError, TokenRefusedError
from socialcube.domain.bots.policy import allowed_intents
from socialcube.domain.bots.types import BotIdentity
from socialcube.kernel.secrets import Secret

MAX_BODY_BYTES: Final = 256 * 1024
_CHUNK_BYTES: Final = 16 * 1024
_TIMEOUT_SECONDS: Final = (3.0, 5.0)

Shape = TypeVar("Shape", bound=BaseModel)


class _User(BaseModel):
    """The part of a User object that we read."""

    id: int
    username: str
    avatar: str | None = None
    banner: str | None = None
    bot: bool = False


class _Application(BaseModel):
    """The part of an Application object that we read."""

    description: str = ""
    flags: int = 0
    approximate_guild_count: int | None = None
    interactions_endpoint_url: str | None = None


class _StartLimit(BaseModel):
    remaining: int


class _Gateway(BaseModel):
    """The part of Get Gateway Bot that we read."""

    session_start_limit: _StartLimit


class DiscordDirectory:
    """Identifies bot tokens over REST.

    Args:
        base_url: like `https://discord.com/api/v10`. Settings allow plain http on loopback only.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def identify(self, token: Secret) -> BotIdentity:
        """Ask who the token belongs to: three small requests, none repeated.

        Raises:
            TokenRefusedError: Discord does not know it, or it is not a bot's.
            PlatformUnavailableError: no usable answer came, so nothing is known.
        """
        if not token.reveal().isascii() or not token.reveal().isprintable():
            # It could not travel in a header; no token of Discord's looks so.
            raise TokenRefusedError
        with requests.Session() as session:
            # Neither a proxy nor a .netrc of this machine may see or replace the token.
            session.trust_env = False
            session.headers.update({"Authorization": f"Bot {token.reveal()}", "User-Agent": USER_AGENT})
            user = self._get(session, "/users/@me", _User)
            if not user.bot:
                raise TokenRefusedError
            application = self._get(session, "/applications/@me", _Application)
            gateway = self._get(session, "/gateway/bot", _Gateway)
        return BotIdentity(
            external_id=user.id,
            name=user.username,
            description=application.description,
            avatar=user.avatar,
            banner=user.banner,
            intents=allowed_intents(application.flags),
            guild_count=application.approximate_guild_count,
            starts_left=gateway.session_start_limit.remaining,
            interactions_url=application.interactions_endpoint_url or "",
        )

    def _get(self, session: requests.Session, path: str, shape: type[Shape]) -> Shape:
        try:
            with session.get(
                self._base_url + path, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as response:
                _check_status(response)
                body = _read_body(response)
        except requests.Timeout as error:
            raise PlatformUnavailableError(reason="it did not answer in time") from error
        except requests.RequestException as error:
            raise PlatformUnavailableError(reason="the connection failed") from error
        try:
            return shape.model_validate_json(body)
        except ValidationError as error:
            raise PlatformUnavailableError(reason="its answer could not be understood") from error


def _check_status(response: requests.Response) -> None:
    match response.status_code:
        case 200:
            return
        case 401:
            raise TokenRefusedError
        case 403:
            reason = "it forbids the question (403)"
        case 429:
            reason = "it asks us to wait (429)"
        case status if status >= 500:  # noqa: PLR2004 - HTTP's own boundary
            reason = f"it has trouble itself ({status})"
        case status:
            reason = f"it answered with status {status}"
    raise PlatformUnavailableError(reason=reason)


def _read_body(response: requests.Response) -> bytes:
    """Read an answer of bounded size: whoever answers may be anything that the address points to."""
    body = b""
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise PlatformUnavailableError(reason="its answer is far too long")
    return body
